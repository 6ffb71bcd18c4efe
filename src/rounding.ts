/** The nearest whole number, of two equally near ones the even one: as Python's round() and ONNX's quantisation. */
export const halfEven = (value: number): number => {
  const below = Math.floor(value);
  return value - below === 0.5 ? below + (below % 2) : Math.round(value);
};
