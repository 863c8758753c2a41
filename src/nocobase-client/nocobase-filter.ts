import type { NonEmptyString } from '../core/accounts/index.js';

/**
 * A NocoBase filter that cannot be empty. NocoBase responds to an empty filter with every record, the root account
 * first, so the types provide no way to build one: at least one condition, each with at least one non-empty value.
 */
export class NocoBaseFilter {
  private constructor(private readonly conditions: object) {}

  static equals(field: string, value: NonEmptyString): NocoBaseFilter {
    return new NocoBaseFilter({ [field]: value });
  }

  static oneOf(field: string, values: readonly [NonEmptyString, ...NonEmptyString[]]): NocoBaseFilter {
    return new NocoBaseFilter({ [field]: { $in: values } });
  }

  /** For a number, such as the last id of the previous page. */
  static greaterThan(field: string, value: number): NocoBaseFilter {
    if (!Number.isSafeInteger(value)) throw new TypeError('a filter needs a whole number');
    return new NocoBaseFilter({ [field]: { $gt: value } });
  }

  static and(...filters: readonly [NocoBaseFilter, NocoBaseFilter, ...NocoBaseFilter[]]): NocoBaseFilter {
    return new NocoBaseFilter({ $and: filters.map(({ conditions }) => conditions) });
  }

  static or(...filters: readonly [NocoBaseFilter, ...NocoBaseFilter[]]): NocoBaseFilter {
    return new NocoBaseFilter({ $or: filters.map(({ conditions }) => conditions) });
  }

  /** The value of NocoBase's `filter` query parameter. */
  toQuery(): string {
    return JSON.stringify(this.conditions);
  }
}
