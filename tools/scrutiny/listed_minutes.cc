// Corrections of minutes; minutes have a command of their own (minutes.cc).
#include "scrutiny/register/v1/minutes.pb.h"
#include "tools/scrutiny/list_command.h"

namespace scrutiny::tools {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

std::vector<ListedRegister> ListedMinutes() {
  return {
      Listed<ListMinuteCorrectionsRequest, ListMinuteCorrectionsResponse>(
          "minute-corrections", "Corrections of minutes, before and after they were accepted",
          "ListMinuteCorrections"),
  };
}

}  // namespace scrutiny::tools
