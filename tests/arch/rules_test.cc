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

const std::vector<Case>& LawfulIncludes() {
  static const auto& cases = *new std::vector<Case>{
      {"ledger/base/ids.h", "absl/strings/string_view.h"},
      {"ledger/append/sequencer.cc", "ledger/store/store.h"},
      {"ledger/format/entry.h", "scrutiny/event/v1/entry.pb.h"},
      {"ledger/store/store.cc", "rocksdb/db.h"},
      {"projections/engine/engine.cc", "rocksdb/db.h"},
      {"projections/board/actions.cc", "scrutiny/register/v1/register.pb.h"},
      {"services/grpc/server.cc", "grpcpp/server_builder.h"},
      {"services/http/server.cc", "boost/beast/core.hpp"},
      {"tools/scrutiny/client.cc", "grpcpp/create_channel.h"},
      {"tools/scrutiny/client.cc", "scrutiny/ledger/v1/ledger.grpc.pb.h"},
      {"tools/scrutiny-verify/main.cc", "ledger/verify/verify.h"},
      {"tests/model/model_test.cc", "services/grpc/server.h"},
      {"tests/crash/file_system.h", "rocksdb/file_system.h"},
  };
  return cases;
}

const std::vector<Case>& SeededBreaches() {
  static const auto& cases = *new std::vector<Case>{
      {"ledger/base/ids.h", "ledger/format/entry.h"},
      {"ledger/format/entry.h", "ledger/store/store.h"},
      {"ledger/merkle/tree.h", "scrutiny/event/v1/entry.pb.h"},
      {"ledger/rules/rules.h", "ledger/append/sequencer.h"},
      {"ledger/verify/verify.h", "ledger/append/sequencer.h"},
      {"ledger/verify/verify.h", "ledger/store/store.h"},
      {"ledger/append/sequencer.h", "projections/engine/engine.h"},
      {"ledger/append/sequencer.h", "services/grpc/server.h"},
      {"ledger/append/sequencer.h", "rocksdb/db.h"},
      {"ledger/append/sequencer.h", "scrutiny/ledger/v1/ledger.pb.h"},
      {"ledger/append/sequencer.h", "grpcpp/grpcpp.h"},
      {"ledger/append/sequencer.h", "spdlog/spdlog.h"},
      {"ledger/append/sequencer.h", "absl/synchronization/mutex.h"},
      {"ledger/append/sequencer.h", "tests/support/manual_clock.h"},
      {"projections/board/actions.cc", "rocksdb/db.h"},
      {"projections/board/actions.cc", "chrono"},
      {"projections/board/actions.cc", "ledger/base/clock.h"},
      {"projections/board/actions.cc", "ledger/store/store.h"},
      {"projections/engine/engine.h", "projections/board/actions.h"},
      {"services/grpc/server.cc", "tools/scrutiny/client.h"},
      {"services/grpc/server.cc", "rocksdb/db.h"},
      {"tools/scrutinyd/main.cc", "boost/asio.hpp"},
      {"tools/scrutinyd/main.cc", "grpcpp/server.h"},
      {"tools/scrutiny/client.cc", "gtest/gtest.h"},
      {"tools/scrutiny-verify/main.cc", "tools/support/client.h"},
      {"tools/scrutiny-verify/main.cc", "ledger/store/store.h"},
      {"services/grpc/server.cc", "../http/server.h"},
      {"services/grpc/server.cc", "server.h"},
  };
  return cases;
}

TEST(RulesTest, LawfulIncludesAreLeftAlone) {
  for (const Case& lawful : LawfulIncludes()) {
    EXPECT_THAT(BreachesOf(lawful.path, Including(lawful.header)), IsEmpty());
  }
}

TEST(RulesTest, SeededBreachesAreFoundWithTheirLine) {
  for (const Case& seeded : SeededBreaches()) {
    SCOPED_TRACE(seeded.path + " includes " + seeded.header);
    const std::vector<Breach> found =
        BreachesOf(seeded.path, "// one\n\n" + Including(seeded.header));
    ASSERT_THAT(found, Not(IsEmpty()));
    EXPECT_EQ(found[0].path, seeded.path);
    EXPECT_EQ(found[0].line, 3);
    EXPECT_THAT(found[0].why, HasSubstr(seeded.header));
  }
}

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
