import { canonicalJson, type Json } from '../../domain/json/json.ts'
import type { ContainerSettings } from '../container-spec.ts'

/** Something that containers are run for: one version of a model, by itself or for a deployment. */
export interface Workload {
  /** Unique, and the same after a restart: `ann/video@6f2a…`, with the deployment’s name after it. */
  readonly key: string
  /** The key of what comes in its place: its containers stay until that is ready. Null for none. */
  readonly replacedBy: string | null
  /** `ann/video`. */
  readonly model: string
  /** `owner/name` of the deployment; null for the model itself. */
  readonly deployment: string | null
  readonly version: string
  /** The engines that its containers may run on, the preferred first. */
  readonly engines: readonly string[]
  readonly image: WorkloadImage
  /** What its containers are given, except for the image and the GPUs, which are chosen when one starts. */
  readonly container: Omit<ContainerSettings, 'image' | 'gpus'>
  /** How many GPUs a container has to itself. */
  readonly gpus: number
  /** The memory that a container takes of a GPU beside others, in bytes; null where it shares none. */
  readonly gpuBytes: number | null
  /** As many containers are kept ready, and no more run at once. */
  readonly min: number
  readonly max: number
  /** How many runs a container takes at once. */
  readonly slots: number
  /** A container without runs is stopped after this time, in milliseconds. */
  readonly idleMs: number
  /** How long one may take to become ready, in milliseconds. */
  readonly bootLimitMs: number
  /** The usual time of a run, in milliseconds; null while that is not known. */
  readonly usualRun: () => number | null
}

/** Whether a container that was started for the one serves the other as well as one of its own. */
export function isSameContainer(one: Workload, other: Workload): boolean {
  return one === other || partsOf(one) === partsOf(other)
}

function partsOf({ engines, image, container, gpus, gpuBytes }: Workload): string {
  const { environment, ...settings } = container
  const parts = { engines, image: { ...image }, ...settings, environment, gpus, gpuBytes }
  return canonicalJson(parts as unknown as Json)
}

/** How an image is found, and pulled again. */
export interface WorkloadImage {
  /** `sha256:…` of its configuration, which most engines use as its id; null for what no registry told. */
  readonly id: string | null
  /** The name to pull, with its digest; a local name for an image that no registry has. */
  readonly name: string
}
