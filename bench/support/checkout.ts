import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { root } from '../../src/root.ts'

/**
 * Checks out a commit of this repository beside it, installs what it needs and builds it. The path of a folder, in
 * which that is done already, stands for itself.
 * @returns Its folder, which is removed when this process ends.
 */
export function checkOut(commit: string): string {
  if (isAbsolute(commit)) return commit
  const folder = join(mkdtempSync(join(tmpdir(), 'sandpit-bench-commit-')), 'sandpit')
  run('git', ['worktree', 'add', '--quiet', '--detach', folder, commit], root)
  process.once('exit', () => {
    run('git', ['worktree', 'remove', '--force', folder], root)
    rmSync(dirname(folder), { recursive: true, force: true })
  })
  const modules = join(root, 'node_modules')
  if (lockOf(folder) === lockOf(root)) symlinkSync(modules, join(folder, 'node_modules'))
  else run('npm', ['ci', '--no-audit', '--no-fund'], folder)
  run('npm', ['run', '--silent', 'build'], folder)
  return folder
}

function lockOf(folder: string): string {
  return readFileSync(join(folder, 'package-lock.json'), 'utf8')
}

function run(command: string, args: string[], cwd: string): void {
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter)
  execFileSync(command, args, {
    cwd,
    env: { ...process.env, PATH },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
