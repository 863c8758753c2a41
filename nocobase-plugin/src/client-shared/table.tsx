import React, { type ReactNode } from 'react';

const CELL = {
  padding: '2px 12px 2px 0',
  textAlign: 'left',
  verticalAlign: 'top',
  overflowWrap: 'break-word',
} as const;

/** A plain table that looks the same in both clients. @param label what it lists, if no heading says so */
export function Table({
  label,
  head,
  rows,
  style,
}: {
  label?: string;
  head: readonly string[];
  rows: readonly (readonly ReactNode[])[];
  style?: Readonly<Record<string, string | number>>;
}) {
  return (
    <table {...(label === undefined ? {} : { 'aria-label': label })} {...(style === undefined ? {} : { style })}>
      <thead>
        <tr>
          {head.map((title) => (
            <th key={title} scope="col" style={CELL}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, row) => (
          <tr key={row}>
            {cells.map((cell, at) => (
              <td key={at} style={CELL}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
