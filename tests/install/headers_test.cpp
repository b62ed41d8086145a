// Before 1.0 a plugin and its host must have the same headers: what an author meets whose headers are others.
#include "installed.hpp"

TEST_CASE("install: a plugin built against headers that differ is refused, and the rebuild that the refusal names cures it",
          "[install][slow]") {
  const Workplace here;
  const Outcome refused = Installed::graft().run(here.path, R"(cp -r "$GRAFT" other
sed -i 's|^  virtual double value.*|&\n  virtual double spread() const { return 0; }|' other/include/graft/metric.hpp
cmp other/include/graft/metric.hpp "$GRAFT"/include/graft/metric.hpp || echo changed
"$GRAFT"/bin/graft plugin new --kind metric --id acme-stale project
cmake -S project -B build -Dgraft_DIR="$PWD"/other/lib/cmake/graft
cmake --build build --target acme_stale
"$GRAFT"/bin/graft train project/example.json --plugin build/acme_stale.so
)");
  INFO(refused.output);
  REQUIRE(refused.output.find("\nchanged\n") != std::string::npos);
  REQUIRE(std::filesystem::exists(here.file("build/acme_stale.so")));
  CHECK(refused.exit == 2);
  CHECK(refused.output.find("G120 binary interface differs from this graft") != std::string::npos);
  CHECK(refused.output.find("\n      sdk_headers  ") != std::string::npos);
  CHECK(refused.output.find("must be equal before 1.0 (both call themselves SDK 0.1.0)") != std::string::npos);
  CHECK(refused.output.find("Rebuild it against this SDK:  cmake -S <src> -B build -Dgraft_DIR='" + Installed::graft().prefix +
                            "/lib/cmake/graft' && cmake --build build") != std::string::npos);

  const Outcome cured = Installed::graft().run(here.path, R"(cmake -S project -B build -Dgraft_DIR="$GRAFT"/lib/cmake/graft
cmake --build build --target acme_stale
"$GRAFT"/bin/graft plugin check build/acme_stale.so --static
)");
  INFO(cured.output);
  CHECK(cured.exit == 0);
}

TEST_CASE("install: a comment more in a header changes nothing for plugins", "[install][slow]") {
  const Workplace here;
  const Outcome outcome = Installed::graft().run(here.path, R"(mkdir -p other/graft
cp -r "$GRAFT"/include/graft other
echo '// one more' >> other/graft/metric.hpp
cat > CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(hashes LANGUAGES NONE)
include($ENV{GRAFT}/lib/cmake/graft/GraftHeaders.cmake)
foreach(folder $ENV{GRAFT}/include ${CMAKE_CURRENT_LIST_DIR}/other)
  graft_hash_headers(${folder} hash)
  message(STATUS "hash ${hash}")
endforeach()
END
cmake -S . -B build
grep GRAFT_SDK_HEADERS other/graft/version.hpp
)");
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  const std::size_t first = outcome.output.find("hash ") + 5;
  const std::string hash = outcome.output.substr(first, 16);
  CHECK(outcome.output.find("hash " + hash, first) != std::string::npos);
  CHECK(outcome.output.find("GRAFT_SDK_HEADERS \"" + hash + "\"") != std::string::npos);
}
