#include "ledger/note/lines.h"

#include <cstdint>
#include <string>

#include "gtest/gtest.h"

namespace scrutiny::ledger {
namespace {

TEST(NoteLinesTest, LinesAreTakenOneByOne) {
  absl::string_view rest = "one\n\nthree\nfour";
  EXPECT_EQ(TakeLine(&rest), "one");
  EXPECT_EQ(TakeLine(&rest), "");
  EXPECT_EQ(TakeLine(&rest), "three");
  EXPECT_EQ(TakeLine(&rest), absl::nullopt);
  EXPECT_EQ(rest, "four");
}

TEST(NoteLinesTest, NumbersUpToTheLargest) {
  EXPECT_EQ(ParseDecimal("0"), 0u);
  EXPECT_EQ(ParseDecimal("20852163"), 20852163u);
  EXPECT_EQ(ParseDecimal("18446744073709551615"), UINT64_MAX);
}

TEST(NoteLinesTest, NumbersHaveOneForm) {
  for (const char* text : {"", "00", "01", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "1_000",
                           "a", "1\n", "18446744073709551616", "18446744073709551620",
                           "20000000000000000000", "184467440737095516150", "\xD9\xA1"}) {
    EXPECT_FALSE(ParseDecimal(text)) << text;
  }
  EXPECT_FALSE(ParseDecimal(absl::string_view("1\0", 2)));
}

TEST(NoteLinesTest, HashesHaveThirtyTwoBytes) {
  const Hash hash = Sha256Of("one");
  EXPECT_EQ(ParseHash(FormatHash(hash)), hash);
  EXPECT_FALSE(ParseHash(""));
  EXPECT_FALSE(ParseHash(FormatHash(hash).substr(0, 43)));
  EXPECT_FALSE(ParseHash(FormatHash(hash) + "="));
  // 31 and 33 bytes, which also take 44 characters.
  EXPECT_FALSE(ParseHash("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="));
  EXPECT_FALSE(ParseHash("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}

TEST(NoteLinesTest, TextHasNoControlCharacters) {
  EXPECT_TRUE(IsNoteText("caf\xC3\xA9 \xE2\x80\x94 a\nb\n\n\x7F"));
  for (char c = 0; c < 0x20; ++c) {
    EXPECT_EQ(IsNoteText(std::string("a") + c + "b"), c == '\n') << int{c};
  }
  EXPECT_FALSE(IsNoteText("caf\xE9"));
  EXPECT_FALSE(IsNoteText("\xED\xA0\x80"));
}

}  // namespace
}  // namespace scrutiny::ledger
