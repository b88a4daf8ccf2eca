#include "ledger/base/text.h"

#include <string>

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace scrutiny::ledger {
namespace {

TEST(TextTest, WellFormedTextIsValid) {
  EXPECT_TRUE(IsValidUtf8(""));
  EXPECT_TRUE(IsValidUtf8("Stop Hate"));
  EXPECT_TRUE(IsValidUtf8("£120 — “urgent”"));
  EXPECT_TRUE(IsValidUtf8("\U0001F3DB"));
  EXPECT_TRUE(IsValidUtf8(absl::string_view("a\0b", 3)));
  EXPECT_TRUE(IsValidUtf8("\xF4\x8F\xBF\xBF"));
}

TEST(TextTest, MalformedTextIsNot) {
  EXPECT_FALSE(IsValidUtf8("\x80"));              // continuation alone
  EXPECT_FALSE(IsValidUtf8("\xC3"));              // cut short
  EXPECT_FALSE(IsValidUtf8("\xC0\xAF"));          // overlong
  EXPECT_FALSE(IsValidUtf8("\xE0\x80\xAF"));      // overlong
  EXPECT_FALSE(IsValidUtf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(IsValidUtf8("\xF4\x90\x80\x80"));  // above U+10FFFF
  EXPECT_FALSE(IsValidUtf8("\xF0\x9F\x8F"));      // cut short
  EXPECT_FALSE(IsValidUtf8("caf\xE9"));           // Latin-1
  EXPECT_FALSE(IsValidUtf8("\xE2\x82x"));         // broken off
}

TEST(TextTest, PrintableLeavesTextAsItIs) {
  EXPECT_EQ(Printable("5A (i) – £50\nnext", 100), "5A (i) – £50\nnext");
}

TEST(TextTest, PrintableShowsBytes) {
  EXPECT_EQ(Printable("caf\xE9", 100), "caf\\xe9");
  EXPECT_EQ(Printable(absl::string_view("a\0\x1b", 3), 100), "a\\x00\\x1b");
}

TEST(TextTest, PrintableCutsAtCharacters) {
  EXPECT_EQ(Printable("abcdef", 6), "abcdef");
  EXPECT_EQ(Printable("abcdefg", 6), "abc...");
  EXPECT_EQ(Printable("££££", 7), "££...");
  EXPECT_EQ(Printable("abcdef", 2), "");
}

RC_GTEST_PROP(TextTest, PrintableIsAlwaysShortAndValid, (const std::string& text)) {
  const size_t bytes_max = *rc::gen::inRange<size_t>(0, 40);
  const std::string shown = Printable(text, bytes_max);
  RC_ASSERT(shown.size() <= bytes_max);
  RC_ASSERT(IsValidUtf8(shown));
}

}  // namespace
}  // namespace scrutiny::ledger
