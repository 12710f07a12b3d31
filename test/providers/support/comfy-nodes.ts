import { setTimeout as wait } from 'node:timers/promises'
import type { Json, JsonObject } from '../../../src/domain/json/json.ts'
import { bytesOf, recorded } from '../../support/transcripts.ts'

export interface NodeContext {
  readonly signal: AbortSignal
  /** The files of the server, by type, folder and name. */
  readonly files: Map<string, Buffer>
  progress(value: number, max: number): void
  preview(message: Uint8Array): void
}

/** A class of nodes of the scripted server. */
export interface ComfyNode {
  /** As in `/object_info`; left out for a class that was recorded. */
  readonly input?: JsonObject
  readonly isOutput?: boolean
  readonly run?: (inputs: JsonObject, context: NodeContext) => Promise<JsonObject | undefined>
}

export type ComfyNodes = Readonly<Record<string, ComfyNode>>

/** The recorded classes of `/object_info`, and those of a test. */
export function classDocuments(nodes: ComfyNodes): Readonly<Record<string, Json>> {
  const known = JSON.parse(recorded('comfy', 'object-info').response.body.toString())
  const own = Object.entries(nodes).flatMap(([name, { input, isOutput = false }]) => {
    const about = { input: { required: input }, name, display_name: name, output_node: isOutput }
    return input ? [[name, about]] : []
  })
  return { ...known, ...Object.fromEntries(own) }
}

const text: Json = ['STRING', { multiline: true }]

/** Nodes that do what the models of the conformance suite do. */
export const partNodes: ComfyNodes = {
  EchoText: {
    input: { text },
    isOutput: true,
    run: async (inputs) => ({ text: [inputs.text ?? null] }),
  },
  CountText: {
    input: { count: ['INT', { min: 0, max: 100 }] },
    isOutput: true,
    run: async ({ count }) => ({
      text: Array.from({ length: Number(count) }, (_, at) => `${at + 1} `),
    }),
  },
  Step: { input: {}, run: async () => void (await wait(30)) },
  FailText: {
    input: { text },
    isOutput: true,
    run: async (inputs) => {
      throw new Error(String(inputs.text))
    },
  },
  WorkText: {
    input: {},
    isOutput: true,
    run: async (_, { signal }) => {
      await wait(60_000, undefined, { signal })
      return { text: ['done'] }
    },
  },
  NumberText: { input: {}, isOutput: true, run: async () => ({ text: [42] }) },
  SaveCopy: {
    input: { file: [[], { image_upload: true }] },
    isOutput: true,
    run: async ({ file }, { files }) => {
      const name = `copied-${String(file).split('/').at(-1)}`
      const content = files.get(`input/${file}`)
      if (!content) throw new Error('There is no such file')
      files.set(`output/copies/${name}`, content)
      return {
        images: [{ filename: name, subfolder: 'copies', type: 'output' }],
        animated: [false],
      }
    },
  },
}

/** Recorded classes, which do as they did: a picture with the workflow in it is saved, with a preview before. */
export const pictureNodes: ComfyNodes = {
  KSampler: {
    run: async ({ steps }, { progress, preview, signal }) => {
      const { chunks } = recorded('comfy', 'ws-image-workflow').response
      const picture = chunks?.find(({ frame }) => frame === 'binary')
      for (let step = 1; step <= Number(steps); step++) {
        progress(step, Number(steps))
        if (picture) preview(bytesOf(picture))
        await wait(5, undefined, { signal })
      }
      return undefined
    },
  },
  SaveImage: {
    run: async ({ filename_prefix: prefix }, { files }) => {
      const parts = String(prefix).split('/')
      const filename = `${parts.pop()}_00001_.png`
      const subfolder = parts.join('/')
      files.set(`output/${subfolder}/${filename}`, recorded('comfy', 'view-png').response.body)
      return { images: [{ filename, subfolder, type: 'output' }] }
    },
  },
  CheckpointLoaderSimple: { input: { ckpt_name: [['small.safetensors', 'large.safetensors']] } },
  EmptyLatentImage: {
    input: {
      width: ['INT', { default: 512, min: 16, max: 16384, step: 8 }],
      height: ['INT', { default: 512, min: 16, max: 16384, step: 8 }],
      batch_size: ['INT', { default: 1, min: 1, max: 4096 }],
    },
  },
  VAEDecode: { input: { samples: ['LATENT'], vae: ['VAE'] } },
}

const node = (class_type: string, title: string, inputs: JsonObject) => ({
  class_type,
  inputs,
  _meta: { title },
})

/** The workflow with which ComfyUI opens, in its API's format. */
export const pictureWorkflow: JsonObject = {
  '3': node('KSampler', 'Sampler', {
    seed: 156680208700286,
    steps: 4,
    cfg: 8,
    sampler_name: 'euler',
    scheduler: 'normal',
    denoise: 1,
    model: ['4', 0],
    positive: ['6', 0],
    negative: ['7', 0],
    latent_image: ['5', 0],
  }),
  '4': node('CheckpointLoaderSimple', 'Load Checkpoint', { ckpt_name: 'small.safetensors' }),
  '5': node('EmptyLatentImage', 'Empty Latent Image', { width: 512, height: 512, batch_size: 1 }),
  '6': node('CLIPTextEncode', 'Prompt', { text: 'a bottle in a landscape', clip: ['4', 1] }),
  '7': node('CLIPTextEncode', 'Negative', { text: 'text, watermark', clip: ['4', 1] }),
  '8': node('VAEDecode', 'VAE Decode', { samples: ['3', 0], vae: ['4', 2] }),
  '9': node('SaveImage', 'Save Image', { filename_prefix: 'ComfyUI', images: ['8', 0] }),
}
