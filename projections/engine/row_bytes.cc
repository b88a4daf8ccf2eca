#include "projections/engine/row_bytes.h"

#include <cstdint>
#include <memory>

#include "google/protobuf/message.h"

#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "projections/engine/row_fit.h"

namespace scrutiny::projections {

bool SerialiseRow(const google::protobuf::Message& row, std::string* bytes) {
  const size_t size = row.ByteSizeLong();
  if (size <= ledger::kRowBytesMax) {
    // With the sizes just computed, which SerializeToString would compute again.
    bytes->resize(size);
    row.SerializeWithCachedSizesToArray(reinterpret_cast<uint8_t*>(bytes->data()));
    return size > 0;
  }
  const std::unique_ptr<google::protobuf::Message> fitted(row.New());
  fitted->CopyFrom(row);
  FitRow(fitted.get(), ledger::kRowBytesMax);
  SCRUTINY_CHECK(fitted->SerializeToString(bytes)) << "rows have no required fields";
  return true;
}

}  // namespace scrutiny::projections
