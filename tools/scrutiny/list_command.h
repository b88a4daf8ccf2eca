// tools/scrutiny/list_command.h
// A register on the command line as its protos describe it (register/v1/options.proto): a filter is
// a flag, a field with a heading is a column; in CSV and JSON every field is given. Registers whose
// tables need more words have a file of their own (register_command.h).
//
// Guarantees:  a command sees what was recorded before it began (it waits for the ledger's head).
// Threads:     confined to main's thread.
// Tests:       tests/tools/scrutiny/list_command_test.cc
#ifndef SCRUTINY_TOOLS_SCRUTINY_LIST_COMMAND_H_
#define SCRUTINY_TOOLS_SCRUTINY_LIST_COMMAND_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

#include "tools/scrutiny/command_line.h"
#include "tools/scrutiny/context.h"

namespace scrutiny::tools {

// A query of RegisterService that lists rows.
struct ListedRegister {
  std::string command;  // `risks`
  std::string summary;
  std::string method;  // `ListRisks`
  const google::protobuf::Message* request;
  const google::protobuf::Message* response;
  std::string details = {};
};

template <typename Request, typename Response>
ListedRegister Listed(std::string command, std::string summary, std::string method,
                      std::string details = {}) {
  return {std::move(command),
          std::move(summary),
          std::move(method),
          &Request::default_instance(),
          &Response::default_instance(),
          std::move(details)};
}

// Every register that is listed so, in the order of --help; by group, each in a file of its own.
const std::vector<ListedRegister>& ListedRegisters();
std::vector<ListedRegister> ListedDocuments();
std::vector<ListedRegister> ListedPlans();
std::vector<ListedRegister> ListedInspections();
std::vector<ListedRegister> ListedPerformance();
std::vector<ListedRegister> ListedMeeting();
std::vector<ListedRegister> ListedMinutes();
std::vector<ListedRegister> ListedPlanVersion();
std::vector<ListedRegister> ListedPeople();
std::vector<ListedRegister> ListedScheme();
std::vector<ListedRegister> ListedMeasure();
std::vector<ListedRegister> ListedEngagement();

Command ListCommand(const ListedRegister& listed);

// A field of a row for people (`words`) or for programs.
std::string RowCell(const google::protobuf::Message& row,
                    const google::protobuf::FieldDescriptor& field, bool words);

}  // namespace scrutiny::tools

#endif  // SCRUTINY_TOOLS_SCRUTINY_LIST_COMMAND_H_
