// The table that the demo prints.

export interface Row {
  readonly call: string
  readonly expected: string
  readonly verdict: string
  readonly rule: string
  readonly microseconds?: number | undefined
  readonly ok: boolean
}

const HEAD = ['', 'call', 'expected', 'verdict', 'rule', 'us, both ways']

export class Table {
  readonly #rows: Row[] = []

  add(row: Row): void {
    this.#rows.push(row)
  }

  get ok(): boolean {
    return this.#rows.every((row) => row.ok)
  }

  print(): void {
    const lines = [
      HEAD,
      ...this.#rows.map(({ call, expected, verdict, rule, microseconds, ok }) => [
        ok ? 'ok' : 'DIFFERS',
        call,
        expected,
        verdict,
        rule,
        microseconds === undefined ? '' : String(microseconds),
      ]),
    ]
    const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
    for (const line of lines) {
      console.log(
        line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd(),
      )
    }
    const failed = this.#rows.filter((row) => !row.ok).length
    console.log(`\n${this.#rows.length - failed} as expected, ${failed} different`)
  }
}
