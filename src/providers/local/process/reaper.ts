import { spawn } from 'node:child_process'

/** Reads lines `+PID` and `-PID`. When its input ends, the server is gone: kills the PIDs that are left. */
const script = `
pids=' '
while read -r line; do
  pid=\${line#?}
  case $line in
    +*) pids="$pids$pid " ;;
    -*) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
  esac
done
for pid in $pids; do kill -s KILL -- "-$pid"; done
`

export type Reaper = ReturnType<typeof startReaper>

/**
 * Kills all copies when the server dies, even of SIGKILL: a copy in an endless loop does not notice
 * that its channel closed. A shell, of one megabyte, waits on a pipe that only the server holds.
 */
export function startReaper() {
  const shell = spawn('/bin/sh', ['-c', script], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: {},
  })
  shell.unref()
  shell.on('error', () => {})
  shell.stdin.on('error', () => {})
  return {
    watch: (pid: number) => shell.stdin.write(`+${pid}\n`),
    forget: (pid: number) => shell.stdin.write(`-${pid}\n`),
    close: () => shell.stdin.end(),
  }
}
