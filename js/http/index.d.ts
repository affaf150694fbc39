import type { LookupAddress, LookupOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import type { Gate } from '../../index.js'

/** A function like `dns.lookup`; it is asked for all addresses. */
export type Resolver = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

/** What `net.connect`, agents of `node:http` and `node:https`, and undici take as `lookup`. */
export type { LookupFunction } from 'node:net'

/**
 * Makes a `lookup` that refuses by the address that is connected to: a public name that resolves to a private
 * address, at once or at the second time it is asked (DNS rebinding), gets no connection. Where a name has several
 * addresses and one of them is refused, all are. The refusal is a `CallgateError` whose `code` is the id of the
 * rule, handed to the callback.
 *
 * Node looks up names only: a URL whose host is an address connects without asking. Check URLs with
 * `gate.checkUrl` first, and every redirect too, or use {@link guardedFetch}, which does both. Use an agent of
 * its own for it: connections in the pool of another agent were made without it.
 *
 * @throws {CallgateError} `'input.type'`, also where a resolver answers no addresses (handed to the callback).
 *
 * @example
 * ```ts
 * import { Agent, get } from 'node:https';
 * import { Gate } from 'callgate';
 * import { createLookup } from 'callgate/http';
 *
 * const gate = new Gate();
 * const agent = new Agent({ lookup: createLookup(gate) });
 * // undici: new Agent({ connect: { lookup: createLookup(gate) } })
 *
 * function fetchPage(url: string) {
 *   if (gate.checkUrl(url).action === 'deny') throw new Error('refused');
 *   return get(url, { agent });
 * }
 * ```
 */
export function createLookup(
  gate: Gate,
  options?: {
    /** Resolves names. Default `dns.lookup`. */
    resolver?: Resolver
  },
): LookupFunction

/** What {@link guardedFetch} takes besides the options of `fetch`. */
export interface GuardedFetchOptions extends RequestInit {
  /** Resolves names. Default `dns.lookup`. */
  resolver?: Resolver
}

/**
 * `fetch` for URLs that come from elsewhere. The URL is checked as it is written and as Node reads it, the
 * address when the connection is made, and all of it again at every redirect. Flags pass.
 *
 * At most 10 redirects are followed (`redirect: 'manual'` answers the first, `'error'` refuses it); across origins
 * `Authorization`, `Proxy-Authorization` and `Cookie` are dropped. Each request has a connection of its own and goes
 * through no proxy. The body that is sent is kept in memory; bodies in gzip, deflate and br are decoded. There is no
 * limit on time and size: pass a `signal`, and count what you read.
 *
 * Rejects with `CallgateError` whose `code` is the id of the rule that refused, with the `finding`; with `'input.type'`
 * for other inputs than strings, URLs and Requests; otherwise as `node:http` and `fetch` fail. An answer that switches to
 * another protocol, or whose status is not one from 200 to 599, rejects with a `TypeError`, and its connection is closed.
 *
 * @example
 * ```ts
 * import { Gate } from 'callgate';
 * import { guardedFetch } from 'callgate/http';
 *
 * const gate = new Gate({ urls: { schemes: ['https'] } });
 *
 * async function readPage(url: string): Promise<string> {
 *   const response = await guardedFetch(gate, url, { signal: AbortSignal.timeout(10_000) });
 *   return response.text();
 * }
 * ```
 */
export function guardedFetch(
  gate: Gate,
  input: string | URL | Request,
  init?: GuardedFetchOptions,
): Promise<Response>
