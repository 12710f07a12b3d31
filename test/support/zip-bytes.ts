import { crc32, deflateRawSync } from 'node:zlib'

interface Zipped {
  readonly name: string
  readonly content: string
  /** The size that its entry says; that of its content when left out. */
  readonly says?: number
  /** Whether its entry says that its content is encrypted. */
  readonly isEncrypted?: boolean
}

/** A zip of one file, byte by byte: one that no library would write. */
export function zipBytes({
  name,
  content,
  says = content.length,
  isEncrypted = false,
}: Zipped): Uint8Array<ArrayBuffer> {
  const path = Buffer.from(name)
  const packed = deflateRawSync(content)
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(isEncrypted ? 1 : 0, 2)
  common.writeUInt16LE(8, 4)
  common.writeUInt32LE(crc32(content), 10)
  common.writeUInt32LE(packed.length, 14)
  common.writeUInt32LE(says, 18)
  common.writeUInt16LE(path.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, path, packed])
  const version = Buffer.from([20, 0])
  const entry = Buffer.concat([Buffer.from('PK\x01\x02'), version, common, Buffer.alloc(14), path])
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(entry.length, 8)
  end.writeUInt32LE(local.length, 12)
  return Buffer.concat([local, entry, Buffer.from('PK\x05\x06'), end])
}
