/**
 * In each worker of the tests: the build is there, so what tests start is of it, and ends with the run.
 * @module
 */
import { startBuild } from '../../src/root.ts'
// A module of its own: this one is read again for each file of a worker.
import './end-with-the-run.ts'

startBuild()
