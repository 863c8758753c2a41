/**
 * A port of the loopback address: an address has to be known before a gateway is configured with it. No other process that
 * asks here gets the same one until this process ends, and no system hands it out by itself.
 */
export function freePort(): Promise<number>;
