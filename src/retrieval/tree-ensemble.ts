/** Regression trees whose outputs are added up, as plain data. */
export interface TreeEnsembleData {
  /** What the numbers of a sample are, in order. */
  readonly features: readonly string[];
  /** Expected output of the whole ensemble. */
  readonly base: number;
  readonly trees: readonly TreeData[];
}

/** One tree: node by node, the root first. A leaf has itself as its children. */
export interface TreeData {
  readonly feature: readonly number[];
  /** A sample goes left when its number is not greater. */
  readonly threshold: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Mean output below a node; of a leaf, its output. */
  readonly value: readonly number[];
}

/**
 * What each feature adds to the ensemble's output for a sample: a step from a node to its child is put down to the feature
 * that decided it (Saabas, "Interpreting random forests", 2014). The sum of all is the output less `base`.
 */
export function contributions({ features, trees }: TreeEnsembleData, sample: readonly number[]): number[] {
  const shares = new Array<number>(features.length).fill(0);
  for (const { feature, threshold, left, right, value } of trees) {
    let node = 0;
    while (left[node] !== node) {
      const by = feature[node]!;
      const next = sample[by]! <= threshold[node]! ? left[node]! : right[node]!;
      shares[by]! += value[next]! - value[node]!;
      node = next;
    }
  }
  return shares;
}
