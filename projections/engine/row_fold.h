// projections/engine/row_fold.h
// A fold whose record has one row, which carries a RowMeta.
//
// Threads:  confined to whoever folds.
#ifndef SCRUTINY_PROJECTIONS_ENGINE_ROW_FOLD_H_
#define SCRUTINY_PROJECTIONS_ENGINE_ROW_FOLD_H_

#include "absl/status/status.h"

#include "projections/engine/register.h"
#include "projections/engine/row_meta.h"

namespace scrutiny::projections {

template <typename RowMessage>
class RowFold : public Fold {
 public:
  absl::Status Apply(const Fact& fact) final {
    changed_ = true;
    meta_.Add(fact);
    return Take(fact);
  }

  void Rows(bool only_changed, RowSink& sink) final {
    if (only_changed && !changed_) return;
    changed_ = false;
    meta_.WriteTo(row_.mutable_meta());
    sink.Row("", row_);
    MoreRows(sink);
  }

 protected:
  // Lets the fact change row_.
  virtual absl::Status Take(const Fact& fact) = 0;
  // Rows beside the main one.
  virtual void MoreRows(RowSink& /*sink*/) {}

  RowMessage row_;

 private:
  MetaBuilder meta_;
  bool changed_ = false;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_ROW_FOLD_H_
