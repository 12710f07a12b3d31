export const samplesPerSecond = 44_100

const bytesPerSample = 2
const headerBytes = 44
const loudest = 2 ** 15 - 1

/** One channel of samples from -1 to 1, as a WAV file of 16-bit PCM. */
export function toWav(samples: Float32Array): Buffer {
  const sound = Buffer.alloc(samples.length * bytesPerSample)
  for (const [i, sample] of samples.entries())
    sound.writeInt16LE(Math.round(Math.min(1, Math.max(-1, sample)) * loudest), i * bytesPerSample)
  return Buffer.concat([headerFor(sound.length), sound])
}

function headerFor(soundBytes: number): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.write('RIFF', 0)
  header.writeUInt32LE(headerBytes - 8 + soundBytes, 4)
  header.write('WAVE', 8)
  header.write('fmt ', 12)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20) // PCM
  header.writeUInt16LE(1, 22) // one channel
  header.writeUInt32LE(samplesPerSecond, 24)
  header.writeUInt32LE(samplesPerSecond * bytesPerSample, 28)
  header.writeUInt16LE(bytesPerSample, 32)
  header.writeUInt16LE(bytesPerSample * 8, 34)
  header.write('data', 36)
  header.writeUInt32LE(soundBytes, 40)
  return header
}
