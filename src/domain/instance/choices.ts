/** How the instances of a model are run: its containers, or the processes of a local one. */
export interface InstanceChoices {
  /** How many are kept ready. */
  readonly min: number
  /** No more run at once. Of a local model, its copies say it. */
  readonly max: number
  /** One without runs is stopped after this time, in milliseconds. */
  readonly idleMs: number
  /** How long one may take to become ready, in milliseconds. */
  readonly bootMs: number
  /** Whether a container may reach other hosts, as for weights that its set-up downloads. */
  readonly isOpen: boolean
  /** Whether the files of a container can be changed, besides those below `/tmp`. */
  readonly isWritable: boolean
}

export const usualInstances: InstanceChoices = {
  min: 0,
  max: 1,
  idleMs: 5 * 60_000,
  bootMs: 15 * 60_000,
  isOpen: false,
  isWritable: false,
}
