// Goal: the rules see what they are there for. Method: for each, a seeded breach that must be
// found, and its lawful neighbour that must not.
#include "tests/arch/rules.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scrutiny::arch {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string Including(const std::string& header) { return "#include \"" + header + "\"\n"; }

struct Case {
  std::string path;
  std::string header;
};

class LawfulTest : public ::testing::TestWithParam<Case> {};
class BreachTest : public ::testing::TestWithParam<Case> {};

TEST_P(LawfulTest, IsLeftAlone) {
  EXPECT_THAT(BreachesOf(GetParam().path, Including(GetParam().header)), IsEmpty());
}

TEST_P(BreachTest, IsFoundWithItsLine) {
  const std::vector<Breach> found =
      BreachesOf(GetParam().path, "// one\n\n" + Including(GetParam().header));
  ASSERT_THAT(found, Not(IsEmpty()));
  EXPECT_EQ(found[0].path, GetParam().path);
  EXPECT_EQ(found[0].line, 3);
  EXPECT_THAT(found[0].why, HasSubstr(GetParam().header));
}

INSTANTIATE_TEST_SUITE_P(
    Includes, LawfulTest,
    ::testing::Values(Case{"ledger/base/ids.h", "absl/strings/string_view.h"},
                      Case{"ledger/append/sequencer.cc", "ledger/store/store.h"},
                      Case{"ledger/format/entry.h", "scrutiny/event/v1/entry.pb.h"},
                      Case{"ledger/store/store.cc", "rocksdb/db.h"},
                      Case{"projections/engine/engine.cc", "rocksdb/db.h"},
                      Case{"projections/board/actions.cc", "scrutiny/register/v1/register.pb.h"},
                      Case{"services/grpc/server.cc", "grpcpp/server_builder.h"},
                      Case{"services/http/server.cc", "boost/beast/core.hpp"},
                      Case{"tools/scrutiny/client.cc", "grpcpp/create_channel.h"},
                      Case{"tools/scrutiny/client.cc", "scrutiny/ledger/v1/ledger.grpc.pb.h"},
                      Case{"tools/scrutiny-verify/main.cc", "ledger/verify/verify.h"},
                      Case{"tests/model/model_test.cc", "services/grpc/server.h"},
                      Case{"tests/crash/file_system.h", "rocksdb/file_system.h"}));

INSTANTIATE_TEST_SUITE_P(
    Includes, BreachTest,
    ::testing::Values(Case{"ledger/base/ids.h", "ledger/format/entry.h"},
                      Case{"ledger/format/entry.h", "ledger/store/store.h"},
                      Case{"ledger/merkle/tree.h", "scrutiny/event/v1/entry.pb.h"},
                      Case{"ledger/rules/rules.h", "ledger/append/sequencer.h"},
                      Case{"ledger/verify/verify.h", "ledger/append/sequencer.h"},
                      Case{"ledger/verify/verify.h", "ledger/store/store.h"},
                      Case{"ledger/append/sequencer.h", "projections/engine/engine.h"},
                      Case{"ledger/append/sequencer.h", "services/grpc/server.h"},
                      Case{"ledger/append/sequencer.h", "rocksdb/db.h"},
                      Case{"ledger/append/sequencer.h", "scrutiny/ledger/v1/ledger.pb.h"},
                      Case{"ledger/append/sequencer.h", "grpcpp/grpcpp.h"},
                      Case{"ledger/append/sequencer.h", "spdlog/spdlog.h"},
                      Case{"ledger/append/sequencer.h", "absl/synchronization/mutex.h"},
                      Case{"ledger/append/sequencer.h", "tests/support/manual_clock.h"},
                      Case{"projections/board/actions.cc", "rocksdb/db.h"},
                      Case{"projections/board/actions.cc", "chrono"},
                      Case{"projections/board/actions.cc", "ledger/base/clock.h"},
                      Case{"projections/board/actions.cc", "ledger/store/store.h"},
                      Case{"projections/board/actions.cc",
                           "scrutiny/register/v1/register.grpc.pb.h"},
                      Case{"projections/engine/engine.h", "projections/board/actions.h"},
                      Case{"services/grpc/server.cc", "tools/scrutiny/client.h"},
                      Case{"services/grpc/server.cc", "rocksdb/db.h"},
                      Case{"tools/scrutinyd/main.cc", "boost/asio.hpp"},
                      Case{"tools/scrutinyd/main.cc", "grpcpp/server.h"},
                      Case{"tools/scrutiny/client.cc", "gtest/gtest.h"},
                      Case{"tools/scrutiny-verify/main.cc", "tools/support/client.h"},
                      Case{"tools/scrutiny-verify/main.cc", "ledger/store/store.h"},
                      Case{"services/grpc/server.cc", "../http/server.h"},
                      Case{"services/grpc/server.cc", "server.h"}));

TEST(RulesTest, OursTakesQuotes) {
  EXPECT_THAT(BreachesOf("ledger/base/ids.cc", "#include <ledger/base/ids.h>\n"), SizeIs(1));
}

TEST(RulesTest, AFileOutsideTheRoomsIsABreach) {
  EXPECT_THAT(BreachesOf("misc/util.h", ""), SizeIs(1));
}

TEST(RulesTest, FilesHaveAMaximum) {
  const auto lines = [](int n) { return std::string(n, '\n'); };
  EXPECT_THAT(BreachesOf("ledger/base/a.cc", lines(600)), IsEmpty());
  EXPECT_THAT(BreachesOf("ledger/base/a.cc", lines(601)), SizeIs(1));
  EXPECT_THAT(BreachesOf("ledger/base/a.h", lines(300)), IsEmpty());
  EXPECT_THAT(BreachesOf("ledger/base/a.h", lines(301)), SizeIs(1));
  EXPECT_THAT(BreachesOf("tools/scrutinyd/main.cc", lines(100)), IsEmpty());
  EXPECT_THAT(BreachesOf("tools/scrutinyd/main.cc", lines(101)), SizeIs(1));
}

TEST(RulesTest, IncludesAreReadInEveryForm) {
  const std::vector<Include> includes =
      IncludesOf("#include <map>\n  #  include \"a/b.h\"  // why\n// #include \"no.h\"\nint x;\n");
  ASSERT_THAT(includes, SizeIs(2));
  EXPECT_EQ(includes[0].path, "map");
  EXPECT_FALSE(includes[0].quoted);
  EXPECT_EQ(includes[1].path, "a/b.h");
  EXPECT_EQ(includes[1].line, 2);
  EXPECT_TRUE(includes[1].quoted);
}

}  // namespace
}  // namespace scrutiny::arch
