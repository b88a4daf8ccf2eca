#include "services/metrics/metrics.h"

#include <string>

#include "gmock/gmock.h"

#include "tests/services/grpc/fixture.h"

namespace scrutiny::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class MetricsTest : public GrpcTest {
 protected:
  services::HttpResponse Get(const std::string& method = "GET") {
    services::HttpRequest request;
    request.method = method;
    request.target = services::kMetricsPath;
    return services::ServeMetrics({*ledger_, *registers_, *papers_, clock_}, request);
  }
};

TEST_F(MetricsTest, HowTheLedgerAndEveryRegisterDo) {
  AppendActions(3);
  SCRUTINY_ASSERT_OK(registers_->WaitForPosition(ledger::Sequence(3), 10'000'000));
  const services::HttpResponse response = Get();
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(std::string(response.header("Content-Type")), HasSubstr("version=0.0.4"));
  EXPECT_THAT(response.body, HasSubstr("# TYPE scrutiny_ledger_entries gauge\n"));
  EXPECT_THAT(response.body, HasSubstr("scrutiny_ledger_entries 4\n"));
  EXPECT_THAT(response.body, HasSubstr("scrutiny_ledger_writable 1\n"));
  EXPECT_THAT(response.body, HasSubstr("scrutiny_register_rows{register=\"actions\"} 3\n"));
  EXPECT_THAT(response.body, HasSubstr("scrutiny_register_stalled{register=\"actions\"} 0\n"));
  EXPECT_THAT(response.body, HasSubstr("scrutiny_register_lag_entries{register=\"plans\"} 0\n"));
  EXPECT_THAT(response.body, HasSubstr("scrutiny_papers_held 0\n"));
}

TEST_F(MetricsTest, NothingOfWhatIsRecordedIsInThem) {
  AppendActions(1, 1, "actions/a-name-that-must-not-show");
  EXPECT_THAT(Get().body, Not(HasSubstr("must-not-show")));
}

TEST_F(MetricsTest, TheyAreOnlyRead) { EXPECT_EQ(Get("POST").status, 405); }

}  // namespace
}  // namespace scrutiny::testing
