#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"

#include "projections/queries/query.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

const google::protobuf::ServiceDescriptor& Service() {
  return *register_::v1::ListActionsRequest::descriptor()->file()->FindServiceByName(
      "RegisterService");
}

// Those the service answers by itself.
bool IsOfTheService(const std::string& method) {
  return method == "ListRegisters" || method == "Rebuild";
}

TEST(AllQueriesTest, EveryMethodOfTheServiceHasAQueryOfItsTypes) {
  for (int i = 0; i < Service().method_count(); ++i) {
    const google::protobuf::MethodDescriptor& method = *Service().method(i);
    if (IsOfTheService(method.name())) continue;
    const Query* const query = FindQuery(method.name());
    ASSERT_TRUE(query != nullptr) << method.name() << " is offered and nobody answers it";
    EXPECT_EQ(query->request->GetDescriptor(), method.input_type());
    EXPECT_EQ(query->response->GetDescriptor(), method.output_type());
  }
}

TEST(AllQueriesTest, EveryQueryIsAMethodOfTheService) {
  for (const Query& query : AllQueries()) {
    EXPECT_TRUE(Service().FindMethodByName(query.method) != nullptr) << query.method;
  }
}

}  // namespace
}  // namespace scrutiny::projections
