#include "classes.hpp"
#include "counts.hpp"
#include "graft/plugin.hpp"
#include "net.hpp"
#include "plain.hpp"
#include "scale.hpp"

namespace {

struct Boastful final : faulty::Sum {
  using Sum::Sum;
};

}  // namespace

GRAFT_PLUGIN(registrar) {
  registrar.add<faulty::Net>("acme/net");
  registrar.add<faulty::Scale>("acme/scale");
  registrar.add<faulty::Classes>("acme/classes");
  registrar.add<faulty::Share>("acme/share");
  registrar.add<faulty::Sum>("acme/sum");
  registrar.add<Boastful>("acme/boastful");
  registrar.add<faulty::Plain>("acme/plain");
}
