/** The median of several measurements, and their range. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError without values: a median of nothing would be a number that was never measured */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('no values');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle]!;
  const median = sorted.length % 2 === 1 ? upper : (sorted[middle - 1]! + upper) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

/** The nearest-rank percentile: a value that was actually measured. @param percent over 0, at most 100 */
export function percentile(values: readonly number[], percent: number): number {
  if (values.length === 0) throw new RangeError('no values');
  if (!(percent > 0 && percent <= 100)) throw new RangeError(`no percentile ${percent}`);
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1]!;
}

/**
 * The ratio of two contestants, round by round: both halves of a quotient were measured within seconds of each other, so temporary
 * slowness of the whole machine cancels out.
 */
export function ratios(ours: readonly number[], theirs: readonly number[]): Spread {
  if (ours.length !== theirs.length) throw new RangeError('rounds do not pair up');
  return spread(ours.map((value, round) => value / theirs[round]!));
}

/** The slope of the least-squares line through the points, in units of y per unit of x. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  if (points.length < 2) throw new RangeError('a line needs two points');
  const mean = (pick: 0 | 1): number => points.reduce((sum, point) => sum + point[pick], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const rise = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const run = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (run === 0) throw new RangeError('all points are above one another');
  return rise / run;
}
