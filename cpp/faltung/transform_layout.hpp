// How the axes of a problem are taken by a transform, and the blocks they are cut into.
#pragma once

#include <cstdint>
#include <vector>

#include "faltung/blocks.hpp"
#include "faltung/direct.hpp"
#include "faltung/element.hpp"
#include "faltung/kernels/transform.hpp"
#include "faltung/largest.hpp"

namespace faltung {

// The kernel of the instruction set in use for numbers of a type.
const TransformKernel<float>& transform_kernel_for(float);
const TransformKernel<double>& transform_kernel_for(double);

// The axes sorted by what happens on them; the last sliding one is the line. Along axes on which a
// single tap sits the convolution is repeated with the same taps.
struct TransformLayout {
  SlidingAxes sliding;              // of all outputs, and of taps without gaps
  std::vector<std::int64_t> steps;  // of the outputs that are asked for
  std::vector<ArrayAxis> taps;      // those that are given
  std::vector<std::int64_t> tap_steps;
  BatchAxes same_taps, own_taps;
};

// The line is the axis along which the input is contiguous, or else the last one.
TransformLayout layout_of(const BatchAxes& batch, const SlidingAxes& sliding);

// Whether taps that are transformed for one problem serve another: all sizes, all steps and the
// order of the axes are the same.
bool are_alike(const TransformLayout& one, const TransformLayout& other);

std::int64_t product_of_sizes(const BatchAxes& axes);

// Where position `index` of some axes lies.
struct Place {
  std::int64_t input = 0, taps = 0, output = 0;
};
Place place_of(std::int64_t index, const BatchAxes& axes);

template <class E>
Blocks blocks_for(const TransformLayout& layout, bool fill_is_zero) {
  using T = RealOf<E>;
  const BlockProblem size{transform_kernel_for(T{}).lanes, sizeof(T), parts_of<E>,
                          product_of_sizes(layout.same_taps), fill_is_zero};
  Blocks blocks = choose_blocks(layout.sliding, size);
  blocks.nanoseconds *= static_cast<double>(product_of_sizes(layout.own_taps));
  return blocks;
}

// The lengths of the transforms of one block.
std::vector<std::int64_t> points_of(const Blocks& blocks);

}  // namespace faltung
