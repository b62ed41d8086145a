#include "mcc.hpp"

#include <cmath>

namespace graft::plugins {

Mcc::Mcc(const Config&) : ConfusionMetric("graft/mcc") {}

double Mcc::value() const {
  const double s = total();
  if (s == 0) return std::nan("");
  double both = 0, predictions = 0, truths = 0;  // sums over classes of shares p_c t_c, p_c^2, t_c^2
  for (std::int64_t c = 0; c < classes(); ++c) {
    both += predicted(c) / s * (truth(c) / s);
    predictions += predicted(c) / s * (predicted(c) / s);
    truths += truth(c) / s * (truth(c) / s);
    if (predicted(c) == s || truth(c) == s) return 0;
  }
  return (all_hits() / s - both) / std::sqrt((1 - predictions) * (1 - truths));
}

}  // namespace graft::plugins
