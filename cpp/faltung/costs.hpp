// What the parts of each method are taken to cost: the table by which methods and blocks are
// chosen. One table is in use in a process; all instruction sets are shipped the same one, so that
// machines choose alike.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace faltung {

// All in nanoseconds on one thread. Of a direct sum of one type:
struct DirectCosts {
  double call;
  double axis;           // each axis but the first
  double tile;           // a tile of outputs, beside what follows
  double gathered;       // a number that is copied before it is read
  double gathered_line;  // a line of such numbers
  double vector;         // a vector of outputs, beside its taps
  double row;            // a row of taps, for a line or a group of lines
  double lines_tap;      // a vector of outputs and one tap, where a load serves neighbouring lines
  double shared_tap;     // the same, where it serves several taps
  double single_tap;     // the same, where it serves one
};

// Of a kernel that is taken apart, one axis summed after the other:
struct LinesCosts {
  double call;
  double axis;    // each axis but the first two
  double line;    // a line that is summed along one axis
  double vector;  // a vector of it
  double tap;     // a vector of it and one tap
};

// Of a transform:
struct TransformCosts {
  double call;
  double axis;      // each axis but the first
  double outside;   // a number beyond the ends of a line, where these are not zeros
  double block;     // a block, beside its points
  double point;     // a complex point of a block: read, multiplied, written
  double level;     // a complex point, for each power of two in the number of points
  double uncached;  // a complex point of a block that leaves the second-level cache
  double line;      // a line of a block of several axes: found, read and written
};

// Of what is around the methods:
struct CallCosts {
  double general;         // a call of the general way, whatever the method
  double separation;      // a look for lines in the kernel
  double separation_tap;  // a tap that is looked at for it
  // An output of a direct sum of complex numbers of 128 bits, which are parted and put together;
  // half of it for those of 64.
  double complex;
  double whole;  // an output of whole numbers by a transform: to floats and back
  double slice;  // an output of a product of slices of them: cut and put together
};

// Of sums in NumPy, for each product.
struct PlainCosts {
  double of_long_double, of_object;
};

struct Costs {
  DirectCosts direct_float, direct_double, direct_integer;
  LinesCosts lines_float, lines_double;
  TransformCosts transform_float, transform_double;
  CallCosts call;
  PlainCosts plain;
};

// The table in use. The reference stays good for as long as the program runs.
const Costs& costs();

// By name, such as "direct.float64.call", in a fixed order.
using NamedCosts = std::vector<std::pair<std::string, double>>;
NamedCosts named_costs(const Costs& table);
const Costs& shipped_costs();

// Throws std::invalid_argument for a name that is none of a cost.
double cost_of(const Costs& table, const std::string& name);

// Puts a table in use: the shipped one, but for what is named. Throws std::invalid_argument for a
// name that is none of a cost, and for a cost that is not above zero and finite. Calls that have
// begun end with the table that they have read.
void set_costs(const NamedCosts& changed);

}  // namespace faltung
