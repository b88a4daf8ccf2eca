#include "services/http/message.h"

#include "gtest/gtest.h"

namespace scrutiny::services {
namespace {

TEST(MessageTest, HeadersAreFoundWhateverTheirCase) {
  HttpRequest request;
  request.headers = {{"Content-Type", "a"}, {"content-type", "b"}, {"X", "c"}};
  EXPECT_EQ(request.header("CONTENT-TYPE"), "a");
  EXPECT_EQ(request.header("x"), "c");
  EXPECT_EQ(request.header("Content-Typ"), "");
}

TEST(MessageTest, TextEndsWithANewline) {
  EXPECT_EQ(TextResponse(404, "None.").body, "None.\n");
  EXPECT_EQ(TextResponse(404, "None.\n").body, "None.\n");
  EXPECT_EQ(TextResponse(404, "None.").status, 404);
  EXPECT_EQ(TextResponse(404, "").header("content-type"), "text/plain; charset=utf-8");
}

TEST(MessageTest, ARefusedMethodSaysWhichAreTaken) {
  const HttpResponse response = MethodNotAllowed("GET, HEAD");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.header("allow"), "GET, HEAD");
}

}  // namespace
}  // namespace scrutiny::services
