#include "projections/engine/row_bytes.h"

#include <memory>

#include "google/protobuf/message.h"

#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "projections/engine/row_fit.h"

namespace scrutiny::projections {

bool SerialiseRow(const google::protobuf::Message& row, std::string* bytes) {
  if (row.ByteSizeLong() <= ledger::kRowBytesMax) {
    SCRUTINY_CHECK(row.SerializeToString(bytes)) << "rows have no required fields";
    return !bytes->empty();
  }
  const std::unique_ptr<google::protobuf::Message> fitted(row.New());
  fitted->CopyFrom(row);
  FitRow(fitted.get(), ledger::kRowBytesMax);
  SCRUTINY_CHECK(fitted->SerializeToString(bytes)) << "rows have no required fields";
  return true;
}

}  // namespace scrutiny::projections
