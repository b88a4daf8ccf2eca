#include "ledger/format/tar.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

#include "ledger/base/error.h"
#include "ledger/format/hash.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::scrutiny::testing::FailsWith;
using ::scrutiny::testing::IsOk;
using ::scrutiny::testing::TempDir;
using ::testing::HasSubstr;

using Member = std::pair<std::string, std::string>;

class StringSource : public TarSource {
 public:
  explicit StringSource(std::string bytes) : bytes_(std::move(bytes)) {}
  absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t count) const override {
    if (offset > bytes_.size()) return std::string();
    return bytes_.substr(offset, count);
  }

 private:
  std::string bytes_;
};

std::string Written(const std::vector<Member>& members) {
  std::string out;
  TarWriter writer([&](absl::string_view bytes) {
    out.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  });
  for (const auto& [name, content] : members) SCRUTINY_CHECK_OK(writer.Add(name, content));
  SCRUTINY_CHECK_OK(writer.Finish());
  return out;
}

absl::StatusOr<std::vector<Member>> Read(const std::string& bytes) {
  const StringSource source(bytes);
  TarReader reader(source);
  std::vector<Member> members;
  while (true) {
    SCRUTINY_ASSIGN_OR_RETURN(absl::optional<TarMember> member, reader.Next());
    if (!member.has_value()) return members;
    SCRUTINY_ASSIGN_OR_RETURN(std::string content, source.ReadAt(member->offset, member->size));
    members.emplace_back(member->name, std::move(content));
  }
}

const std::vector<Member>& SomeMembers() {
  static const auto& members = *new std::vector<Member>{
      {"checkpoint", "origin\n1\n"},
      {"tile/0/000.p/1", std::string(32, '\x7f')},
      {"tile/entries/x001/000", std::string(512, 'e')},
      {"empty", ""},
      {"SHA256SUMS", std::string(700, 's')},
  };
  return members;
}

// The permanent bytes, field by field, as POSIX 1003.1-2017 "ustar Interchange Format" names them.
TEST(TarTest, TheHeaderIsThatOfTheFormat) {
  std::string expected;
  const auto field = [&](absl::string_view text, size_t bytes) {
    expected.append(text.data(), text.size());
    expected.append(bytes - text.size(), '\0');
  };
  field("tile/0/x001/234.p/5", 100);  // name
  field("0000644", 8);                // mode
  field("0000000", 8);                // uid
  field("0000000", 8);                // gid
  field("00000000240", 12);           // size, 160
  field("00000000000", 12);           // mtime
  field("011622", 7);                 // chksum
  field(" ", 1);
  field("0", 1);        // typeflag
  field("", 100);       // linkname
  field("ustar", 6);    // magic
  field("00", 2);       // version
  field("", 32);        // uname
  field("", 32);        // gname
  field("0000000", 8);  // devmajor
  field("0000000", 8);  // devminor
  field("", 155 + 12);  // prefix, padding
  EXPECT_EQ(TarHeader("tile/0/x001/234.p/5", 160), expected);
}

TEST(TarTest, WhatIsWrittenIsReadBack) {
  const absl::StatusOr<std::vector<Member>> read = Read(Written(SomeMembers()));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(*read, SomeMembers());
  ASSERT_THAT(Read(Written({})), IsOk());
}

TEST(TarTest, AMemberInPiecesIsTheSameAsAWholeOne) {
  std::string out;
  TarWriter writer([&](absl::string_view bytes) {
    out.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  });
  SCRUTINY_EXPECT_OK(writer.Begin("a/b", 5));
  SCRUTINY_EXPECT_OK(writer.Write("he"));
  SCRUTINY_EXPECT_OK(writer.Write(""));
  SCRUTINY_EXPECT_OK(writer.Write("llo"));
  SCRUTINY_EXPECT_OK(writer.End());
  SCRUTINY_EXPECT_OK(writer.Finish());
  EXPECT_EQ(out, Written({{"a/b", "hello"}}));
}

// tar of the system unpacks it, says nothing, and lists the same members.
TEST(TarTest, TheSystemsTarUnpacksIt) {
  if (std::system("tar --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "no tar here";
  const TempDir dir;
  std::ofstream(dir.File("x.tar"), std::ios::binary) << Written(SomeMembers());
  const std::string command =
      absl::StrCat("cd ", dir.path(), " && mkdir out && tar -C out -xf x.tar >said 2>&1");
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(std::filesystem::file_size(dir.File("said")), 0u);
  for (const auto& [name, content] : SomeMembers()) {
    std::ifstream in(dir.File("out/" + name), std::ios::binary);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), content) << name;
  }
}

// It writes them so too, told to leave out what a machine would put in of itself.
TEST(TarTest, TheSystemsTarWritesTheSameBytes) {
  if (std::system("tar --version 2>/dev/null | grep -q GNU") != 0) GTEST_SKIP() << "no GNU tar";
  const TempDir dir;
  std::string names;
  for (const auto& [name, content] : SomeMembers()) {
    const std::string path = dir.File(name);
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << content;
    absl::StrAppend(&names, " ", name);
  }
  const std::string command =
      absl::StrCat("cd ", dir.path(), " && tar -b1 --format=ustar --mode=644 --owner=0 --group=0 ",
                   "--numeric-owner --mtime=@0 -cf x.tar", names);
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::ifstream in(dir.File("x.tar"), std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), Written(SomeMembers()));
}

// Goal: every byte outside the contents is accounted for. Method: change each in three ways; the
// file must be refused, or, where the byte is part of a name, read as another name.
TEST(TarTest, EveryChangedByteOutsideTheContentsIsNoticed) {
  const std::string good = Written(SomeMembers());
  const StringSource source(good);
  std::vector<bool> content(good.size(), false);
  TarReader reader(source);
  while (true) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const absl::optional<TarMember> member, reader.Next());
    if (!member.has_value()) break;
    std::fill_n(content.begin() + static_cast<std::ptrdiff_t>(member->offset), member->size, true);
  }
  for (size_t at = 0; at < good.size(); ++at) {
    if (content[at]) continue;
    for (const char change : {'\x01', '\x80', '\xff'}) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ change);
      EXPECT_THAT(Read(bad), FailsWith(Reason::kCorrupt)) << "byte " << at;
    }
  }
}

TEST(TarTest, EveryTruncationIsNoticed) {
  const std::string good = Written(SomeMembers());
  for (size_t size = 0; size < good.size(); ++size) {
    ASSERT_THAT(Read(good.substr(0, size)), FailsWith(Reason::kCorrupt)) << size;
  }
}

TEST(TarTest, NothingMayStandBehindTheEnd) {
  const std::string good = Written(SomeMembers());
  EXPECT_THAT(Read(good + std::string(1, '\0')), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(Read(good + std::string(512, '\0')), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(Read(good + good), FailsWith(Reason::kCorrupt));
}

TEST(TarTest, AnErrorNamesTheByteAndTheMember) {
  std::string bad = Written(SomeMembers());
  bad[512 + 9] = 'x';  // behind the nine bytes of the first member
  const absl::Status status = Read(bad).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("byte 521"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("behind checkpoint"));
}

TEST(TarTest, AReaderGoesOnFailing) {
  const StringSource source("no tar file");
  TarReader reader(source);
  EXPECT_THAT(reader.Next(), FailsWith(Reason::kCorrupt));
  EXPECT_THAT(reader.Next(), FailsWith(Reason::kCorrupt));
}

TEST(TarTest, NamesThatLeaveTheFolderOrHaveTwoSpellingsAreRefused) {
  for (const char* name : {"a", "tile/entries/x001/000.p/5", "SHA256SUMS", "..a", "a..b", "-x"}) {
    SCRUTINY_EXPECT_OK(ValidateTarName(name));
  }
  for (const char* name :
       {"", "/a", "a/", "a//b", ".", "..", "a/..", "./a", "a b", "a\\b", "\xc3\xa9"}) {
    EXPECT_THAT(ValidateTarName(name), FailsWith(Reason::kMalformed)) << name;
  }
  SCRUTINY_EXPECT_OK(ValidateTarName(std::string(100, 'n')));
  EXPECT_THAT(ValidateTarName(std::string(101, 'n')), FailsWith(Reason::kMalformed));
}

TEST(TarTest, ATooLongMemberIsRefusedBeforeItIsWritten) {
  TarWriter writer([](absl::string_view) { return absl::OkStatus(); });
  EXPECT_THAT(writer.Begin("a", kTarMemberBytesMax + 1), FailsWith(Reason::kOverLimit));
  SCRUTINY_EXPECT_OK(writer.Begin("a", kTarMemberBytesMax));
  EXPECT_EQ(TarHeader("a", kTarMemberBytesMax).substr(124, 11), "77777777777");
}

TEST(TarTest, TheSinksErrorIsTheWriters) {
  TarWriter writer([](absl::string_view) -> absl::Status { return absl::DataLossError("full"); });
  EXPECT_EQ(writer.Add("a", "b").code(), absl::StatusCode::kDataLoss);
}

RC_GTEST_PROP(TarPropertyTest, AnyMembersComeBack, ()) {
  const auto sizes = *rc::gen::container<std::vector<size_t>>(rc::gen::inRange<size_t>(0, 1600));
  std::vector<Member> members;
  for (const size_t size : sizes) {
    const size_t name_bytes = *rc::gen::inRange<size_t>(1, kTarNameBytesMax + 1);
    members.emplace_back(std::string(name_bytes, 'n'),
                         std::string(size, *rc::gen::arbitrary<char>()));
  }
  const absl::StatusOr<std::vector<Member>> read = Read(Written(members));
  RC_ASSERT(read.ok());
  RC_ASSERT(*read == members);
}

}  // namespace
}  // namespace scrutiny::ledger
