/** The labels of our containers. One without `server` is never touched. */
export const labels = {
  /** Which Sandpit it is of: several may share an engine. */
  server: 'sandpit.server',
  /** The replica that asks an image by it; containers that run for models have none, as another one goes on with them. */
  replica: 'sandpit.replica',
  /** The key of its workload. */
  workload: 'sandpit.workload',
  /** SHA-256 of what it was created from. */
  spec: 'sandpit.spec',
  /** The ids of its GPUs, separated by commas. */
  gpus: 'sandpit.gpus',
  /** The memory that it takes of them, in bytes; empty where it has them to itself. */
  gpuBytes: 'sandpit.gpu-bytes',
} as const
