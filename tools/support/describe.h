// tools/support/describe.h
// Facts in plain English, as the command line echoes and lists them.
//
// Guarantees:  no fact is unprintable: one without a sentence of its own is told field by field.
// Threads:     pure functions.
// Tests:       tests/tools/support/describe_test.cc
#ifndef SCRUTINY_TOOLS_SUPPORT_DESCRIBE_H_
#define SCRUTINY_TOOLS_SUPPORT_DESCRIBE_H_

#include <string>

namespace google::protobuf {
class FieldDescriptor;
class Message;
}  // namespace google::protobuf
namespace scrutiny::event::v1 {
class Amount;
class Decider;
class Due;
class Number;
class Occurred;
class Owner;
class Proposed;
}  // namespace scrutiny::event::v1

namespace scrutiny::tools {

// `Action raised: Update on crime data; Constabulary; due 20 May 2019; at meetings/…, item 3a`.
std::string Describe(const event::v1::Proposed& proposed);

// `18 Mar 2019`, `by 18 Mar 2019 (inferred)`, `not dated`.
std::string InWords(const event::v1::Occurred& occurred);
std::string InWords(const event::v1::Owner& owner);
std::string InWords(const event::v1::Decider& decider);
std::string InWords(const event::v1::Due& due);
std::string InWords(const event::v1::Number& number);
std::string InWords(const event::v1::Amount& amount);

// Any field: empty if it is not set; a list with its elements joined.
std::string FieldText(const google::protobuf::Message& message,
                      const google::protobuf::FieldDescriptor* field);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SUPPORT_DESCRIBE_H_
