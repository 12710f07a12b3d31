/** Times in milliseconds. */
export interface InstanceLimits {
  /** Between two looks at what is to be started and let go. */
  readonly stepEveryMs: number
  /** Between two comparisons with what the engines have. */
  readonly compareEveryMs: number
  /** Between two tries to reach an engine that is away. */
  readonly awayAgainMs: number
  /** A pull of which nothing is heard for so long is given up: Podman is silent until a layer is there. */
  readonly pullSilentMs: number
  /** Between two looks at a container that boots. */
  readonly lookEveryMs: number
  /** Between two looks at a container that is ready and has no runs; after three without an answer it is replaced. */
  readonly lookAgainMs: number
  /** How long the last lines of a container that has ended may take to arrive. */
  readonly lastLinesMs: number
  /** How long a container of an earlier process stays in any case: the runs in it are taken up meanwhile. */
  readonly foundMs: number
}

export const defaultInstanceLimits: InstanceLimits = {
  stepEveryMs: 1_000,
  compareEveryMs: 60_000,
  awayAgainMs: 5_000,
  pullSilentMs: 60 * 60_000,
  lookEveryMs: 250,
  lookAgainMs: 10_000,
  lastLinesMs: 1_000,
  foundMs: 10_000,
}
