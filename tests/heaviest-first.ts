import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take long, the longest first: begun last, one would keep a single core busy while all others are done. */
const heavy = ['property/conventions', 'faults/kill', 'docs/shown', 'bench/agree', 'property/', 'proof/', 'faults/', 'docs/', 'fuzz/']

const place = ({ moduleId }: TestSpecification) => {
  const at = heavy.findIndex((part) => moduleId.includes(`/tests/${part}`))
  return at === -1 ? heavy.length : at
}

/** Those that need a process of their own come first of all: a worker that serves many files ends at a file that it may not serve. */
export class HeaviestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const bySize = await super.sort(files)
    const rank = (file: TestSpecification) => (file.project.name === 'alone' ? -1 : place(file))
    return bySize.sort((a, b) => rank(a) - rank(b))
  }
}
