#include "services/papers/paper_files.h"

#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::services {
namespace {

using ::testing::HasSubstr;

class PaperFilesTest : public ::testing::Test {
 protected:
  void SetUp() override { store_ = ledger::PaperStore::Open(dir_.File("papers")).value(); }
  std::string Add(const std::string& bytes, const std::string& said = "") {
    auto upload = store_->Begin().value();
    EXPECT_TRUE(upload->Add(bytes).ok());
    bool held_already = false;
    const auto paper = upload->Finish(said, absl::nullopt, &held_already);
    EXPECT_TRUE(paper.ok()) << paper.status();
    return ledger::ToHex(ledger::AsBytes(paper->sha256));
  }
  HttpResponse Get(const std::string& name, const HttpHeaders& headers = {}) {
    HttpRequest request;
    request.method = "GET";
    request.target = absl::StrCat(kPapersPrefix, name);
    request.headers = headers;
    return ServePaper(*store_, request);
  }

  testing::TempDir dir_;
  std::unique_ptr<ledger::PaperStore> store_;
};

TEST_F(PaperFilesTest, ServedAsWhatItIsAndAsADownload) {
  const std::string hex = Add("%PDF-1.7\nx");
  const HttpResponse response = Get(hex);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "%PDF-1.7\nx");
  EXPECT_EQ(response.header("Content-Type"), "application/pdf");
  EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
  EXPECT_THAT(std::string(response.header("Content-Disposition")), HasSubstr("attachment"));
  EXPECT_THAT(std::string(response.header("Content-Security-Policy")), HasSubstr("sandbox"));
  EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "");
  EXPECT_EQ(Get(hex + ".pdf").status, 200);
}

TEST_F(PaperFilesTest, NeverUnderAnotherEnding) {
  const std::string hex = Add("words");
  EXPECT_EQ(Get(hex).header("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(Get(hex + ".html").status, 404);
  EXPECT_EQ(Get(hex + ".pdf").status, 404);
}

TEST_F(PaperFilesTest, WhatIsNotHeldIsNotFound) {
  EXPECT_EQ(Get(std::string(64, 'a')).status, 404);
  EXPECT_EQ(Get("").status, 404);
  EXPECT_EQ(Get("../LOCK").status, 404);
  EXPECT_EQ(Get(std::string(63, 'a') + "/").status, 404);
}

TEST_F(PaperFilesTest, WhoHasItAlreadyIsToldSo) {
  const std::string hex = Add("words");
  const HttpResponse response = Get(hex, {{"If-None-Match", absl::StrCat("\"", hex, "\"")}});
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(response.body, "");
}

TEST_F(PaperFilesTest, AFileThatWasChangedIsNotServed) {
  const std::string hex = Add("words");
  std::ofstream(dir_.File(absl::StrCat("papers/", hex.substr(0, 2), "/", hex, ".txt"))) << "w0rds";
  EXPECT_EQ(Get(hex).status, 500);
}

TEST_F(PaperFilesTest, NothingCanBeChangedHere) {
  HttpRequest request;
  request.method = "POST";
  request.target = kPapersPrefix;
  EXPECT_EQ(ServePaper(*store_, request).status, 405);
}

}  // namespace
}  // namespace scrutiny::services
