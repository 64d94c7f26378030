// A knip reporter that prints how many files knip read.
export default function count({ counters }) {
  console.log(`files read: ${counters.processed}`);
}
