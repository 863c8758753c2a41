import { Collapse } from 'antd';
import React, { type ReactNode, useEffect, useState } from 'react';
import { useFormState } from './form-state.js';

/** Fields that few people need. They stay in the form while folded, because NocoBase saves only what the form contains. */
export function Folded({ title, children }: { title: string; children?: ReactNode }) {
  const { isFoldedWrong } = useFormState();
  const [isOpen, setOpen] = useState(false);
  // It stays open when the problem is solved: the administrator is still editing.
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
