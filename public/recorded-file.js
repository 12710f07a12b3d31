// The file that a recording becomes: of a type that models read. `record.js` and this file are one
// module.
const types = {
  audio: ['audio/mp4;codecs=mp4a.40.2', 'audio/webm;codecs=opus', 'audio/ogg;codecs=opus'],
  video: [
    'video/mp4;codecs=avc1.42E01E,mp4a.40.2',
    'video/mp4',
    'video/webm;codecs=vp9,opus',
    'video/webm',
  ],
}

/** The first type that this browser records; undefined leaves it to the browser. */
export function typeFor(kind) {
  return types[kind].find((type) => MediaRecorder.isTypeSupported(type))
}

export async function fileOf(blob, kind) {
  const [type] = blob.type.split(';')
  // Few models read Opus in WebM; all read WAV.
  if (kind === 'audio' && type !== 'audio/mp4')
    return new File([await wavOf(blob)], 'recording.wav', { type: 'audio/wav' })
  const ending = kind === 'audio' ? 'm4a' : type.split('/')[1]
  return new File([blob], `recording.${ending}`, { type })
}

/** A frame of the camera: a JPEG, unless the field takes PNG only. */
export async function photoOf(video, accept) {
  const canvas = document.createElement('canvas')
  canvas.width = video.videoWidth
  canvas.height = video.videoHeight
  canvas.getContext('2d').drawImage(video, 0, 0)
  const type = accept === 'image/png' ? accept : 'image/jpeg'
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, type, 0.92))
  return new File([blob], type === 'image/png' ? 'photo.png' : 'photo.jpg', { type })
}

const headLength = 44

/** The first channel as 16-bit WAV. */
async function wavOf(blob) {
  const rate = 48_000
  const context = new OfflineAudioContext(1, 1, rate)
  const audio = await context.decodeAudioData(await blob.arrayBuffer())
  const samples = audio.getChannelData(0)
  const bytes = new DataView(new ArrayBuffer(headLength + samples.length * 2))
  writeHead(bytes, audio.sampleRate, samples.length * 2)
  for (let at = 0; at < samples.length; at++) {
    const sample = Math.max(-1, Math.min(1, samples[at]))
    bytes.setInt16(headLength + at * 2, sample * 0x7fff, true)
  }
  return bytes
}

function writeHead(bytes, rate, length) {
  const text = (at, word) => {
    for (let index = 0; index < word.length; index++)
      bytes.setUint8(at + index, word.charCodeAt(index))
  }
  text(0, 'RIFF')
  bytes.setUint32(4, headLength - 8 + length, true)
  text(8, 'WAVEfmt ')
  bytes.setUint32(16, 16, true)
  // PCM, one channel, the rate, bytes a second, bytes of a sample, bits of a sample.
  bytes.setUint16(20, 1, true)
  bytes.setUint16(22, 1, true)
  bytes.setUint32(24, rate, true)
  bytes.setUint32(28, rate * 2, true)
  bytes.setUint16(32, 2, true)
  bytes.setUint16(34, 16, true)
  text(36, 'data')
  bytes.setUint32(40, length, true)
}
