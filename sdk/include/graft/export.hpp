// GRAFT_API marks what libgraft.so exports: everything a plugin may call or derive from.
#pragma once

#if !defined(__cpp_rtti) || !defined(__cpp_exceptions)
#error "graft plugins need RTTI and exceptions: interfaces and errors cross the plugin boundary"
#endif

#define GRAFT_API __attribute__((visibility("default")))
