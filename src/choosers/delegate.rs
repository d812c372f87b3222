//! A chooser that is another one in its core.

/// Implements [`Chooser`](crate::Chooser) by the chooser in a field; `shown` adds to what is seen of it.
macro_rules! delegate_chooser {
    ([$($generics:tt)*] $chooser:ty => $field:ident) => {
        crate::choosers::delegate::delegate_chooser!([$($generics)*] $chooser => $field, |_, status| status);
    };
    ([$($generics:tt)*] $chooser:ty => $field:ident, $shown:expr) => {
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
                let shown: fn(&Self, crate::stats::ChooserStatus) -> crate::stats::ChooserStatus = $shown;
                shown(self, self.$field.introspect())
            }

            fn stats(&self) -> crate::stats::Stats {
                self.$field.stats()
            }
        }
    };
}

pub(super) use delegate_chooser;
