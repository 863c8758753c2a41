import { Collapse } from 'antd';
import React, { type ReactNode, useEffect, useState } from 'react';
import { useFormState } from './form-state.js';

/** Fields that few need: all of them are in the form, since NocoBase sends what stands there and nothing else. */
export function Folded({ title, children }: { title: string; children?: ReactNode }) {
  const { isFoldedWrong } = useFormState();
  const [isOpen, setOpen] = useState(false);
  // It stays open when the problem is gone: somebody is at it.
  useEffect(() => {
    if (isFoldedWrong) setOpen(true);
  }, [isFoldedWrong]);
  return (
    <Collapse
      ghost
      activeKey={isOpen || isFoldedWrong ? ['fields'] : []}
      onChange={(keys) => setOpen(keys.length > 0)}
      items={[{ key: 'fields', label: title, children, forceRender: true }]}
    />
  );
}
