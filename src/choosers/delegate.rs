//! A chooser that is another one in its core.

/// Implements [`Chooser`](crate::Chooser) by the chooser in a field.
macro_rules! delegate_chooser {
    ([$($generics:tt)*] $chooser:ty => $field:ident) => {
        impl $($generics)* crate::chooser::Chooser for $chooser {
            #[inline]
            fn choose(
                &self,
                request: &crate::request::Request<'_>,
                wait: crate::wait::Wait<'_>,
            ) -> Result<crate::slot::Pick, crate::error::ChooseError> {
                self.$field.choose(request, wait)
            }

            #[inline]
            fn try_choose(
                &self,
                request: &crate::request::Request<'_>,
            ) -> Result<crate::slot::Pick, crate::error::ChooseError> {
                self.$field.try_choose(request)
            }

            fn notify_ready(
                &self,
                request: &crate::request::Request<'_>,
                notice: crate::wait::Notice,
            ) -> Option<crate::wait::NoticeId> {
                self.$field.notify_ready(request, notice)
            }

            fn cancel_notice(&self, id: crate::wait::NoticeId) -> bool {
                self.$field.cancel_notice(id)
            }

            fn drain(
                &self,
                timeout: Option<std::time::Duration>,
            ) -> Result<(), crate::error::DrainError> {
                self.$field.drain(timeout)
            }

            fn introspect(&self) -> crate::stats::ChooserStatus {
                self.$field.introspect()
            }

            fn stats(&self) -> crate::stats::Stats {
                self.$field.stats()
            }
        }
    };
}

pub(super) use delegate_chooser;
