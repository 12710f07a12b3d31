import { expect, it } from 'vitest'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import { readNodeClass } from '../../../src/providers/comfyui/workflow/node-class.ts'
import { recorded } from '../../support/transcripts.ts'
import { comfyLine } from '../support/comfy-line.ts'
import type { ComfyNode } from '../support/comfy-nodes.ts'

const wav = Buffer.from(
  'RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0',
  'latin1',
)
const mp4 = Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1')
const webp = Buffer.from('RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0', 'latin1')

/** A node that saves a file under a name of its own, and lists it as the nodes of that kind do. */
function saving(
  filename: string,
  content: Buffer,
  list: (file: JsonObject) => JsonObject,
): ComfyNode {
  return {
    input: {},
    isOutput: true,
    async run(_, { files }) {
      files.set(`output/media/${filename}`, content)
      return list({ filename, subfolder: 'media', type: 'output' })
    },
  }
}

it.each([
  ['SaveAudio', 'a.wav', wav, (file: JsonObject) => ({ audio: [file] }), 'audio/'],
  [
    'SaveVideo',
    'v.mp4',
    mp4,
    (file: JsonObject) => ({ images: [file], animated: [true] }),
    'video/',
  ],
  [
    'SaveAnimatedWEBP',
    'm.webp',
    webp,
    (file: JsonObject) => ({ images: [file], animated: [true] }),
    'image/',
  ],
  [
    'VHS_VideoCombine',
    'c.mp4',
    mp4,
    (file: JsonObject) => ({
      gifs: [
        {
          ...file,
          format: 'video/h264-mp4',
          frame_rate: 8,
          workflow: 'c.png',
          fullpath: '/opt/c.mp4',
        },
      ],
      unfinished_batch: [false],
    }),
    'video/',
  ],
  ['SaveVideo', 'w.mp4', mp4, (file: JsonObject) => ({ video: [file] }), 'video/'],
] as const)('copies what %s makes: %s', async (name, filename, content, list, type) => {
  const nodes = { [name]: saving(filename, content, list) }
  const workflow = { '1': { class_type: name, inputs: {} } }
  const { run } = await comfyLine({ workflow, server: { nodes } })
  const { prediction } = await run({})
  expect(prediction).toMatchObject({ status: 'succeeded', error: null })
  expect(prediction.files).toMatchObject([{ name: filename, size: content.length }])
  expect(prediction.files[0]?.type).toContain(type)
  expect(prediction.output).toHaveLength(1)
  expect(JSON.stringify(prediction)).not.toContain('/opt')
})

it('takes sounds and films where nodes load them', () => {
  const { LoadAudio } = JSON.parse(
    recorded('comfy', 'object-info-LoadAudio').response.body.toString(),
  )
  const audio = readNodeClass(LoadAudio)?.inputs.get('audio')
  expect(audio).toMatchObject({ kind: 'file', accept: 'audio/*,video/*' })
  const film = {
    input: { required: { file: ['COMBO', { options: ['a.mp4'], video_upload: true }] } },
  }
  expect(readNodeClass(film)?.inputs.get('file')).toMatchObject({ kind: 'file', accept: 'video/*' })
})
