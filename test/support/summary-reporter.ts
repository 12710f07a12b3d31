import type { Reporter, TestModule } from 'vitest/node'

/** Ends the run with one plain line: `N passed, N failed`. */
export const summaryReporter: Reporter = {
  onTestRunEnd(modules, errors) {
    const tests = modules.flatMap((module: TestModule) => [...module.children.allTests()])
    const passed = tests.filter((test) => test.result().state === 'passed').length
    const failed = tests.filter((test) => test.result().state === 'failed').length
    const broken = modules.filter(
      (module: TestModule) => module.state() === 'failed' && module.errors().length > 0,
    )
    process.once('exit', () => {
      process.stdout.write(`\n${passed} passed, ${failed + broken.length + errors.length} failed\n`)
    })
  },
}
