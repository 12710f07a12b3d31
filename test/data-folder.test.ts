import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FolderInUse, keyFor, takeDataFolder } from '../src/data-folder.ts'
import { root } from '../src/root.ts'
import { startServer } from './support/server.ts'

const nobody = 65_534
const isRoot = process.geteuid?.() === 0
const own = process.geteuid?.() ?? 0

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'sandpit-folder-'))
}

/** A file that belongs to another user than we are. */
function writeAsAnother(path: string): number {
  if (isRoot) {
    writeFileSync(path, '')
    chownSync(path, nobody, nobody)
  } else symlinkSync('/etc/passwd', path)
  return statSync(path).uid
}

/** Takes the folder in a process of a user who is not root, and answers what it said. */
function takenBy(uid: number, path: string): string {
  const source = join(root, 'src/data-folder.ts')
  // The user may read neither our code nor the way to the folder, but for what is opened here.
  if (isRoot) chmodSync(tmpdir(), 0o711)
  const script = `import { takeDataFolder } from ${JSON.stringify(source)}
    if (${isRoot}) process.setgid(${uid}), process.setuid(${uid})
    try { takeDataFolder(${JSON.stringify(path)}).release(); console.log('taken') }
    catch (error) { console.log(error.name + ': ' + error.message) }`
  const args = ['--input-type=module', '-e', script]
  const run = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return run.stdout + run.stderr
}

describe('the data folder', () => {
  it('is made for us alone, with what is above it', () => {
    const path = join(folder(), 'a', 'b')
    takeDataFolder(path).release()
    expect(statSync(path).mode & 0o777).toBe(0o700)
    expect(readdirSync(path)).toEqual(['lock.sqlite'])
  })

  it('is one server’s at a time', () => {
    const path = folder()
    const { release } = takeDataFolder(path)
    expect(() => takeDataFolder(path)).toThrow(new FolderInUse(`Another Sandpit is using ${path}.`))
    release()
    takeDataFolder(path).release()
  })

  it('is not below a file, and no file', () => {
    const file = join(folder(), 'file')
    writeFileSync(file, '')
    for (const path of [file, join(file, 'data')])
      expect(() => takeDataFolder(path)).toThrow(`${path} is not a folder, or is below a file.`)
  })

  it.each(['', 'new', 'new/deeper'])(
    'is refused with its path, its owner and our uid when it cannot be written: %s',
    (below) => {
      const path = folder()
      chmodSync(path, 0o555)
      const uid = isRoot ? nobody : own
      const data = join(path, below)
      const who = below === '' ? 'It' : path
      expect(takenBy(uid, data)).toContain(
        `FolderRefused: The data folder ${data} cannot be written (EACCES). ` +
          `${who} belongs to uid ${own}, and Sandpit runs as uid ${uid}.`,
      )
      chmodSync(path, 0o777)
      expect(takenBy(uid, data)).toBe('taken\n')
    },
  )

  it.each(['key', 'sandpit.sqlite', 'sandpit.sqlite-wal', 'thumbnails', 'files/ab'])(
    'is refused when another user wrote %s there',
    (name) => {
      const path = folder()
      mkdirSync(join(path, 'files'))
      const uid = writeAsAnother(join(path, name))
      expect(() => takeDataFolder(path)).toThrow(
        `${join(path, name)} belongs to uid ${uid}, and Sandpit runs as uid ${own}.`,
      )
      expect(readdirSync(path).filter((one) => one.includes('probe'))).toEqual([])
    },
  )

  it('is ours whatever else of others is in it', () => {
    const path = folder()
    writeAsAnother(join(path, 'lost+found'))
    writeAsAnother(join(path, '.snapshot'))
    takeDataFolder(path).release()
  })

  it('is refused by the server in one sentence', async () => {
    const data = folder()
    writeAsAnother(join(data, 'sandpit.sqlite'))
    await expect(startServer({ data })).rejects.toThrow(
      `Sandpit cannot start: ${join(data, 'sandpit.sqlite')} belongs to uid`,
    )
  })
})

describe('the key file', () => {
  it('is written whole, once, for us alone', () => {
    const data = folder()
    const key = keyFor('cookies', null, data)
    expect(readdirSync(data)).toEqual(['key'])
    expect(statSync(join(data, 'key')).mode & 0o777).toBe(0o600)
    expect(Buffer.from(readFileSync(join(data, 'key'), 'utf8'), 'base64')).toHaveLength(32)
    expect(keyFor('cookies', null, data)).toBe(key)
    expect(keyFor('secrets', null, data)).not.toBe(key)
    expect(keyFor('cookies', null, folder())).not.toBe(key)
  })

  it.each([
    ['', 'empty'],
    ['\n', 'empty'],
    ['\0'.repeat(44), 'empty'],
    ['abc', 'cut short'],
    ['a'.repeat(43), 'cut short'],
    [`${'a'.repeat(20)}${'\0'.repeat(24)}`, 'cut short'],
  ])('is refused when it holds %j, and let be', (text, how) => {
    const data = folder()
    const path = join(data, 'key')
    writeFileSync(path, text)
    expect(() => keyFor('cookies', null, data)).toThrow(`The key file ${path} is ${how}: it has`)
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('may have been written by hand, and is not needed beside a secret', () => {
    const data = folder()
    const secret = 'a secret of sixteen'
    expect(keyFor('cookies', secret, data)).toBe(keyFor('cookies', secret, folder()))
    expect(existsSync(join(data, 'key'))).toBe(false)
    writeFileSync(join(data, 'key'), `${'b'.repeat(44)}\n`)
    expect(keyFor('cookies', null, data)).toHaveLength(44)
  })

  it('leaves nothing where it cannot be written', () => {
    const data = folder()
    const gone = join(data, 'gone')
    expect(() => keyFor('cookies', null, gone)).toThrow('ENOENT')
    expect(readdirSync(data)).toEqual([])
  })
})
