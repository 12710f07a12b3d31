import { spawn } from 'node:child_process'

/** Lines `+PID` and `-PID` come in; when they end, because we died, what is left is killed. */
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
 * Sees to it that no copy outlives the server, however that dies: a copy in an endless loop does
 * not notice that its channel closed. A shell of a megabyte waits on a pipe that only we hold.
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
