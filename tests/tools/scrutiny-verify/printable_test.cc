#include "tools/scrutiny-verify/printable.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace scrutiny::tools::verify {
namespace {

TEST(PrintableTest, PlainTextStaysAsItIs) {
  for (const char* text : {"", "Entry 7 (actions/spab/7): …", "Gżegżółka, 東京, 😀", "a\\b"}) {
    EXPECT_EQ(ForTerminal(text), text);
  }
}

TEST(PrintableTest, WhatATerminalObeysIsEscaped) {
  EXPECT_EQ(ForTerminal("\x1b[2J\x1b[HVERIFIED."), "\\x1b[2J\\x1b[HVERIFIED.");
  EXPECT_EQ(ForTerminal(std::string("\0\t\n\r\x7f", 5)), "\\x00\\x09\\x0a\\x0d\\x7f");
  EXPECT_EQ(ForTerminal("\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0"), "\\u0080\\u009b\\u009f\xc2\xa0");
  EXPECT_EQ(ForTerminal("\u061c\u200e\u200f\u202a\u202e\u2066\u2069"),
            "\\u061c\\u200e\\u200f\\u202a\\u202e\\u2066\\u2069");
  EXPECT_EQ(ForTerminal("\u2028\ufeff"), "\\u2028\\ufeff");
}

TEST(PrintableTest, BytesThatAreNoTextAreEscapedEach) {
  EXPECT_EQ(ForTerminal("a\x80z"), "a\\x80z");
  EXPECT_EQ(ForTerminal("\xc3"), "\\xc3");
  EXPECT_EQ(ForTerminal("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(ForTerminal("\xed\xa0\x80"), "\\xed\\xa0\\x80");
}

TEST(PrintableTest, NoControlByteEverComesOut) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text = {static_cast<char>(first), static_cast<char>(second)};
      for (const char c : ForTerminal(text)) {
        EXPECT_FALSE(static_cast<uint8_t>(c) < 0x20 || c == 0x7f) << first << " " << second;
      }
    }
  }
}

}  // namespace
}  // namespace scrutiny::tools::verify
