# graft_unity(target group FILES...): these sources of a target are compiled as one, which costs a fraction of the time. The
# price: names in their anonymous namespaces must differ.
function(graft_unity target group)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  target_compile_options(${target} PRIVATE -Wno-subobject-linkage -Wno-restrict)  # false alarms of gcc 12 there
  set_source_files_properties(${ARGN} PROPERTIES UNITY_GROUP ${group})
endfunction()
