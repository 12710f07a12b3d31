import { relative } from 'node:path'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { root } from '../../src/root.ts'

/**
 * Ends the run with plain lines: `failed: FILE > NAMES` of each test, hook and file that failed,
 * then `N passed, N failed`. `.ci/run` reads them.
 */
export const summaryReporter: Reporter = {
  onTestRunEnd(modules, errors) {
    const tests = modules.flatMap((module: TestModule) => [...module.children.allTests()])
    const passed = tests.filter((test) => test.result().state === 'passed').length
    const failed = [
      ...tests.filter((test) => test.result().state === 'failed').map(nameOf),
      ...modules.filter(isBroken).map(fileOf),
      ...modules.flatMap(brokenGroups),
      ...errors.map(({ message }) => `outside of tests > ${message.split('\n', 1)[0]}`),
    ]
    const lines = failed.map((name) => `failed: ${name}\n`).join('')
    process.once('exit', () => {
      process.stdout.write(`\n${lines}${passed} passed, ${failed.length} failed\n`)
    })
  },
}

/** Whether it fails by itself: it cannot be loaded, or a hook of it throws. */
function isBroken(module: TestModule): boolean {
  return module.state() === 'failed' && module.errors().length > 0
}

/** The groups of tests whose hooks throw: their tests are skipped. */
function brokenGroups(module: TestModule): string[] {
  return [...module.children.allSuites()]
    .filter((group) => group.errors().length > 0)
    .map((group) => `${fileOf(module)} > ${group.fullName}`)
}

function fileOf({ project, moduleId }: TestModule): string {
  return `[${project.name}] ${relative(root, moduleId)}`
}

function nameOf(test: TestCase): string {
  return `${fileOf(test.module)} > ${test.fullName}`
}
