#include "ledger/papers/media_type.h"

#include <fstream>
#include <string>
#include <utility>

#include "gmock/gmock.h"

#include "ledger/base/error.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using ::testing::HasSubstr;

std::string Png() {
  return std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0", 29);
}

// A ZIP container's local headers, one after the other, empty files of those names.
std::string Zip(std::initializer_list<std::pair<std::string, std::string>> files) {
  std::string zip;
  for (const auto& [name, text] : files) {
    std::string head("PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0", 18);
    const auto put = [&head](size_t value, int bytes) {
      for (int i = 0; i < bytes; ++i) head.push_back(static_cast<char>(value >> (8 * i)));
    };
    put(text.size(), 4);
    put(text.size(), 4);
    put(name.size(), 2);
    put(0, 2);
    zip += head + name + text;
  }
  return zip;
}

class MediaTypeTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::string> TypeOf(const std::string& bytes, const std::string& said = "") {
    const std::string path = dir_.File("paper");
    std::ofstream(path, std::ios::binary) << bytes;
    const absl::StatusOr<const MediaType*> type = MediaTypeOf(path, said);
    if (!type.ok()) return type.status();
    return std::string((*type)->name);
  }

  testing::TempDir dir_;
};

TEST_F(MediaTypeTest, BytesSayWhatAPaperIs) {
  EXPECT_EQ(TypeOf("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n").value(), "application/pdf");
  EXPECT_EQ(TypeOf(Png()).value(), "image/png");
  EXPECT_EQ(TypeOf("Minutes of the meeting.\n").value(), "text/plain");
  EXPECT_EQ(TypeOf("Derby, 811 per 100,000 – £6,000\n").value(), "text/plain");
}

TEST_F(MediaTypeTest, OfficePapersAreKnownByTheirParts) {
  EXPECT_EQ(TypeOf(Zip({{"[Content_Types].xml", "<x/>"}, {"word/document.xml", "<x/>"}})).value(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
  EXPECT_EQ(TypeOf(Zip({{"xl/workbook.xml", "<x/>"}, {"[Content_Types].xml", "<x/>"}})).value(),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  EXPECT_EQ(TypeOf(Zip({{"mimetype", "application/vnd.oasis.opendocument.text"}})).value(),
            "application/vnd.oasis.opendocument.text");
}

TEST_F(MediaTypeTest, TextIsWhatItIsSaidToBeAmongText) {
  EXPECT_EQ(TypeOf("# Minutes\n\n- one\n", "text/markdown").value(), "text/markdown");
  EXPECT_EQ(TypeOf("title,due\nReport,2019-05-20\n", "text/csv; charset=utf-8").value(),
            "text/csv");
  EXPECT_EQ(TypeOf("a line\n", "text/plain").value(), "text/plain");
}

TEST_F(MediaTypeTest, APaperThatLiesIsRefused) {
  const absl::Status lie = TypeOf(Png(), "application/pdf").status();
  EXPECT_EQ(ReasonOf(lie), Reason::kMalformed);
  EXPECT_THAT(std::string(lie.message()), HasSubstr("by its bytes it is a PNG image"));
  EXPECT_FALSE(TypeOf("plain words", "application/pdf").ok());
  EXPECT_FALSE(TypeOf("%PDF-1.4\n", "text/plain").ok());
}

TEST_F(MediaTypeTest, WhatABrowserWouldRunIsRefusedWhateverItIsCalled) {
  for (const char* page :
       {"<!DOCTYPE html><script>alert(1)</script>", "  \n<HTML><body>", "<script>alert(1)</script>",
        "<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "<?xml version='1.0'?><x/>"}) {
    for (const char* said : {"", "text/plain", "text/csv", "text/markdown"}) {
      EXPECT_EQ(ReasonOf(TypeOf(page, said).status()), Reason::kMalformed) << page << said;
    }
  }
}

TEST_F(MediaTypeTest, ProgramsAndContainersOfAnythingAreRefused) {
  EXPECT_FALSE(TypeOf(std::string("\x7f"
                                  "ELF\2\1\1\0",
                                  8) +
                      std::string(60, '\0'))
                   .ok());
  EXPECT_FALSE(TypeOf(Zip({{"a.txt", "x"}})).ok());
  EXPECT_FALSE(TypeOf(std::string("\0\1\2\3", 4)).ok());
  EXPECT_FALSE(TypeOf(std::string("\0\1\2\3", 4), "text/plain").ok());
}

TEST_F(MediaTypeTest, APdfBehindSomethingElseIsNone) {
  EXPECT_FALSE(TypeOf("<script>x</script>\n%PDF-1.7\n").ok());
  EXPECT_FALSE(TypeOf("MZ%PDF-1.7\n", "application/pdf").ok());
}

TEST_F(MediaTypeTest, NothingIsNoPaper) {
  EXPECT_THAT(std::string(TypeOf("").status().message()), HasSubstr("empty"));
}

TEST_F(MediaTypeTest, TextThatIsNotUtf8SaysSo) {
  const absl::Status latin = TypeOf("Agenda \xa3 6,000 caf\xe9 and more words\n").status();
  EXPECT_THAT(std::string(latin.message()), HasSubstr("UTF-8"));
}

TEST_F(MediaTypeTest, ATypeThatIsNotOnTheListIsRefused) {
  const absl::Status other = TypeOf("words", "text/html").status();
  EXPECT_EQ(ReasonOf(other), Reason::kMalformed);
  EXPECT_EQ(InfoOf(other).field, "media_type");
}

TEST(MediaTypeNamesTest, EndingsSayWhatIsMeant) {
  EXPECT_EQ(MediaTypeByName("Pack 20 May.PDF")->name, "application/pdf");
  EXPECT_EQ(MediaTypeByName("a.jpeg")->name, "image/jpeg");
  EXPECT_EQ(MediaTypeByName("a.exe"), nullptr);
  EXPECT_EQ(FindMediaType("Text/CSV; header=present")->extension, ".csv");
}

}  // namespace
}  // namespace scrutiny::ledger
