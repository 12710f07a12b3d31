import { formatBytes } from '../format-bytes.ts'

/** Something to run containers on, by a name that an operator gave it. */
export interface Hardware {
  /** `gpu-large`. Programs name it as `hardware`. */
  readonly name: string
  /** The engine that containers are started on; null for any of them. */
  readonly engine: string | null
  /** How many GPUs a container has to itself. */
  readonly gpus: number
  /** The memory that a container takes of a GPU that it shares with others, in bytes; null where it shares none. */
  readonly gpuBytes: number | null
  /** The most memory of a container, in bytes; null for as much as there is. */
  readonly memory: number | null
  /** How many CPUs a container has, also a fraction; null for as many as there are. */
  readonly cpus: number | null
}

/** In a few words: `1 GPU, 4 CPUs, 64 GB`. */
export function hardwareText({ engine, gpus, gpuBytes, memory, cpus }: Hardware): string {
  const parts = [
    ...(gpus > 0 ? [`${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}`] : []),
    ...(gpuBytes === null ? [] : [`${sizeText(gpuBytes)} of a GPU`]),
    ...(cpus === null ? [] : [`${cpus} ${cpus === 1 ? 'CPU' : 'CPUs'}`]),
    ...(memory === null ? [] : [sizeText(memory)]),
    ...(engine === null ? [] : [`at ${engine}`]),
  ]
  return parts.join(', ')
}

/** The hardware of deployments that name none, where operators define none. */
export const usualHardware = 'sandpit'

/**
 * Why a name of hardware is refused, as a sentence; null when it is not. Where operators define none, all names are kept
 * as they are given.
 */
export function hardwareProblem(name: string, all: readonly Hardware[]): string | null {
  if (all.length === 0 || all.some((one) => one.name === name)) return null
  return `There is no hardware ${name}. Choose one of ${all.map((one) => one.name).join(', ')}.`
}

/** As an operator gave it: `8 GB`. */
function sizeText(bytes: number): string {
  return formatBytes(bytes).replace('.0 ', ' ')
}
