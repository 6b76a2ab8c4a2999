// SPDX-License-Identifier: BSD-2-Clause
// Function calls through the HVC of an older 32-bit KVM (arm-kvm-3.9 to arm-kvm-4.12): r0 holds the
// function, and r1, r2 and r3 reach it as its r0, r1 and r2. Three words, moved down by one
// register, and that is all; nobody wrote down what becomes of a 64-bit argument. Here it is
// computed, and what the convention cannot carry does not compile.
//
// The procedure call standard puts a 64-bit argument in an even/odd pair of registers
// [arm/aapcs 6.4, rule C.3]. So its place in the callee and its place in a caller that was compiled
// as call(function, arguments...) differ by more than the shift:
//
//   callee                 it expects     it can be carried in     a compiled caller puts it in
//   f(u64)                 r0:r1          r1:r2                    r2:r3, so it arrives in r1:r2
//   f(u64, u32)            r0:r1, r2      r1:r2, r3                r2:r3 and the stack: lost
//   f(u32, u64)            r0, r2:r3      r3 is not carried        r1, r2:r3, so it arrives in r0,
//   r1:r2
//
// hyp_call() is a caller that knows: it puts each argument where the callee expects it.
// hyp_receive() is for a callee that must serve compiled callers: it takes what really arrives in
// r0, r1 and r2 and puts the pairs right, for a prototype that it is given.
//
// Environment: everywhere, also freestanding; only register numbers are computed here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace hyprelay::compat {

// The words that the convention carries: the caller's r1, r2, r3; the callee's r0, r1, r2.
using HypWords = std::array<std::uint32_t, 3>;

namespace detail {

// Where the halves of a pair are: as a load of both registers from memory would put them
// [arm/aapcs 6.1]. Caller and callee are of one kernel, so of one endianness, that of this build.
inline constexpr std::size_t kLow = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 1 : 0;
inline constexpr std::size_t kHigh = 1 - kLow;

// What fits the core registers: integers and enumerations of at most 64 bits. An address is given
// as std::uint32_t, as it is at HYP. No floating point: the convention has no such registers.
template <class T>
concept Carried = (std::is_integral_v<T> || std::is_enum_v<T>)&&sizeof(T) <= 8;

template <class T>
inline constexpr std::size_t kWords = sizeof(T) <= 4 ? 1 : 2;

// The first register of each argument, counted from r0, after `taken` registers.
template <class... Args>
constexpr std::array<std::size_t, sizeof...(Args) + 1> places(std::size_t taken) {
  std::array<std::size_t, sizeof...(Args) + 1> result{};
  const std::array<std::size_t, sizeof...(Args) + 1> words{kWords<Args>..., 0};
  for (std::size_t i = 0; i < words.size(); ++i) {
    taken += words[i] == 2 ? taken % 2 : 0;
    result[i] = taken;
    taken += words[i];
  }
  return result;
}

// One past the last register; the last entry of places() is where the next word would go.
template <class... Args>
constexpr std::size_t end_of(std::size_t taken) {
  return places<Args...>(taken).back();
}

template <class... Args>
constexpr std::size_t sum_of_words() {
  return (kWords<Args> + ... + 0);
}

template <class T>
constexpr std::uint64_t bits_of(T value) {
  if constexpr (std::is_enum_v<T>) {
    return bits_of(static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (sizeof(T) == 8) {
    return static_cast<std::uint64_t>(value);
  } else {
    // Smaller arguments are extended to a word by the caller [arm/aapcs 6.4, rule B.2].
    return static_cast<std::uint32_t>(value);
  }
}

template <class T>
constexpr T from_words(const HypWords& words, std::size_t at) {
  if constexpr (kWords<T> == 2) {
    return static_cast<T>(std::uint64_t{words[at + kHigh]} << 32 | words[at + kLow]);
  } else {
    return static_cast<T>(words[at]);
  }
}

}  // namespace detail

// A call, laid out: r0 and the three words behind it. issue it as r0 = function, r1.. = words.
struct HypCall {
  std::uint32_t function;
  HypWords words;
};

// Where each argument of a callee with these parameters travels.
template <class... Args>
struct HypLayout {
  static_assert((detail::Carried<Args> && ...),
                "hyp_call carries integers and enumerations of at most 64 bits");
  static_assert(detail::sum_of_words<Args...>() <= 3,
                "hyp_call carries three words: these arguments need more");
  static_assert(detail::sum_of_words<Args...>() > 3 || detail::end_of<Args...>(0) <= 3,
                "hyp_call would split a 64-bit argument: the callee expects its second half in r3, "
                "which is not carried; put it first");
  // By argument: the callee's register, which is also the index of its first word.
  static constexpr auto kPlaces = detail::places<Args...>(0);
};

// Lays out a call of a function that was compiled with these parameters.
template <class... Args>
constexpr HypCall hyp_call(std::uint32_t function, Args... args) {
  using Layout = HypLayout<Args...>;
  HypCall call{function, {}};
  std::size_t i = 0;
  [[maybe_unused]] const auto place = [&call, &i](auto value) {
    const std::uint64_t bits = detail::bits_of(value);
    const std::size_t at = Layout::kPlaces[i++];
    if constexpr (sizeof(value) == 8) {
      call.words[at + detail::kLow] = static_cast<std::uint32_t>(bits);
      call.words[at + detail::kHigh] = static_cast<std::uint32_t>(bits >> 32);
    } else {
      call.words[at] = static_cast<std::uint32_t>(bits);
    }
  };
  (place(args), ...);
  return call;
}

// The registers of a compiled caller, call(function, args...): where its arguments are when it
// makes the HVC, and so, one register lower, where they arrive.
template <class... Args>
struct HypReceived {
  static_assert((detail::Carried<Args> && ...),
                "hyp_receive takes integers and enumerations of at most 64 bits");
  static_assert(
      detail::end_of<Args...>(1) <= 4,
      "hyp_receive cannot get these arguments: a compiled caller puts some of them on its "
      "stack, which HYP does not see");
  static constexpr auto kPlaces = detail::places<Args...>(1);
};

// Calls fn with the arguments that a compiled caller meant. arrived: r0, r1 and r2 at HYP.
template <class R, class... Args>
constexpr R hyp_receive(R (*fn)(Args...), const HypWords& arrived) {
  using Received = HypReceived<Args...>;
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return fn(detail::from_words<Args>(arrived, Received::kPlaces[I] - 1)...);
  }
  (std::index_sequence_for<Args...>{});
}

}  // namespace hyprelay::compat
