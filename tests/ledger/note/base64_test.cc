#include "ledger/note/base64.h"

#include <string>

#include "gtest/gtest.h"

namespace scrutiny::ledger {
namespace {

// RFC 4648 §10.
TEST(Base64Test, TheVectorsOfTheStandard) {
  const std::string text[][2] = {{"", ""},
                                 {"f", "Zg=="},
                                 {"fo", "Zm8="},
                                 {"foo", "Zm9v"},
                                 {"foob", "Zm9vYg=="},
                                 {"fooba", "Zm9vYmE="},
                                 {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, encoded] : text) {
    EXPECT_EQ(EncodeBase64(bytes), encoded);
    EXPECT_EQ(DecodeBase64(encoded), bytes);
  }
}

TEST(Base64Test, TheAlphabetIsTheStandardOne) {
  EXPECT_EQ(EncodeBase64("\xfb\xff\xbe"), "+/++");
  EXPECT_EQ(DecodeBase64("+/++"), "\xfb\xff\xbe");
  EXPECT_FALSE(DecodeBase64("-_--"));  // that of URLs
}

TEST(Base64Test, OnlyTheOneFormIsTaken) {
  EXPECT_FALSE(DecodeBase64("Zg"));      // no padding
  EXPECT_FALSE(DecodeBase64("Zg="));     // half of it
  EXPECT_FALSE(DecodeBase64("Zg==="));   // more of it
  EXPECT_FALSE(DecodeBase64("Zg.."));    // dots for it
  EXPECT_FALSE(DecodeBase64("Zh=="));    // bits behind the end
  EXPECT_FALSE(DecodeBase64("Zm9="));    // bits behind the end
  EXPECT_FALSE(DecodeBase64("Zm9v\n"));  // white space
  EXPECT_FALSE(DecodeBase64(" Zm9v"));
  EXPECT_FALSE(DecodeBase64("Zm 9v"));
  EXPECT_FALSE(DecodeBase64("Zm9\r\nv"));
  EXPECT_FALSE(DecodeBase64("Zg==Zg=="));  // padding within
  EXPECT_FALSE(DecodeBase64("Zm9"));
  EXPECT_FALSE(DecodeBase64("Z"));
  EXPECT_FALSE(DecodeBase64("===="));
  EXPECT_FALSE(DecodeBase64(absl::string_view("Zm9\0", 4)));
}

}  // namespace
}  // namespace scrutiny::ledger
