#include "ledger/format/bundle_file.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::TempDir;

std::string SomeBundle() {
  std::string out;
  BundleWriter writer([&](absl::string_view bytes) {
    out.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  });
  SCRUTINY_EXPECT_OK(writer.Add(kBundleCheckpointName, "abc"));
  SCRUTINY_EXPECT_OK(writer.Begin("tile/0/000", 5));
  SCRUTINY_EXPECT_OK(writer.Write("he"));
  SCRUTINY_EXPECT_OK(writer.Write("llo"));
  SCRUTINY_EXPECT_OK(writer.End());
  SCRUTINY_EXPECT_OK(writer.Add("empty", ""));
  SCRUTINY_EXPECT_OK(writer.Finish());
  return out;
}

TEST(BundleFileTest, TheChecksumsAreThoseOfTheMembersInOrder) {
  constexpr char kExpected[] =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  checkpoint\n"
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  tile/0/000\n"
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty\n";
  EXPECT_NE(SomeBundle().find(kExpected), std::string::npos);
}

// Whoever has no program of ours unpacks it and checks it with what every system has.
TEST(BundleFileTest, TheSystemsToolsUnpackAndCheckIt) {
  if (std::system("tar --version >/dev/null 2>&1 && sha256sum --version >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "no tar or no sha256sum here";
  }
  const TempDir dir;
  std::ofstream(dir.File("x.tar"), std::ios::binary) << SomeBundle();
  const std::string unpack = absl::StrCat("cd ", dir.path(), " && tar xf x.tar && ");
  EXPECT_EQ(std::system((unpack + "sha256sum --strict --quiet -c SHA256SUMS").c_str()), 0);
}

TEST(BundleFileTest, NamesOfEntriesAreTheirNumbers) {
  EXPECT_EQ(BundleEntryName(Sequence(0)), "entries/0.entry");
  EXPECT_EQ(BundleProofName(Sequence(1234)), "entries/1234.tlog-proof");
}

}  // namespace
}  // namespace scrutiny::ledger
